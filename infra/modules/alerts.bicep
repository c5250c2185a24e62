// What the guard acts on and the targets of the product, watched from outside as well: an alert also fires when the guard, or the whole app, is down.
param location string
param tags object
param actionGroupName string
param alertPrefix string

@description('Who is mailed; empty: nobody, the alerts only show in the portal.')
param alertEmail string

@description('Application Insights resource the queries run on.')
param insightsId string

resource team 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'sitemonitor'
    emailReceivers: empty(alertEmail) ? [] : [
      { name: 'team', emailAddress: alertEmail, useCommonAlertSchema: true }
    ]
  }
}

// Every query answers one row, `bad`, when the rule is broken; metrics come from the run ledger (one point a run).
var rules = [
  {
    name: 'error-rate'
    description: 'More than 5 % of the runs failed (guard trigger), from 20 runs on.'
    severity: 1
    window: 'PT1H'
    query: 'customMetrics | where name == "sitemonitor.runs" | extend outcome = tostring(customDimensions.outcome) | where tostring(customDimensions.kind) == "run" and outcome != "skipped" | summarize total = sum(value), failed = sumif(value, outcome in ("failed", "critical")) | where total >= 20 and failed >= 2 and failed / total > 0.05 | project bad = failed / total'
  }
  {
    name: 'critical'
    description: 'An issue was left in no legal state, or its text was lost.'
    severity: 0
    window: 'PT15M'
    query: 'customMetrics | where name == "sitemonitor.runs" and tostring(customDimensions.outcome) == "critical" | summarize bad = sum(value) | where bad > 0'
  }
  {
    name: 'duration'
    description: 'Mean processing time above the target of 30 s.'
    severity: 2
    window: 'PT1H'
    query: 'customMetrics | where name == "sitemonitor.run.duration" | summarize total = sum(valueSum), runs = sum(valueCount) | where runs >= 20 and total / runs > 30000 | project bad = total / runs'
  }
  {
    name: 'cost'
    description: 'Mean cost above the target of $0.05 an issue.'
    severity: 3
    window: 'P1D'
    query: 'customMetrics | where name == "sitemonitor.run.dollars" | summarize total = sum(valueSum), runs = sum(valueCount) | where runs >= 20 and total / runs > 0.05 | project bad = total / runs'
  }
  {
    name: 'error-rate-target'
    description: 'More than 1 % of the runs of a day failed: above the target, below what the guard acts on.'
    severity: 3
    window: 'P1D'
    query: 'customMetrics | where name == "sitemonitor.runs" | extend outcome = tostring(customDimensions.outcome) | where tostring(customDimensions.kind) == "run" and outcome != "skipped" | summarize total = sum(value), failed = sumif(value, outcome in ("failed", "critical")) | where total >= 50 and failed / total > 0.01 | project bad = failed / total'
  }
  {
    name: 'interventions'
    description: 'A person changed a workflow label while a run was on; the target is none.'
    severity: 3
    window: 'P1D'
    query: 'customMetrics | where name == "sitemonitor.interventions" | summarize bad = sum(value) | where bad > 0'
  }
  {
    name: 'silence'
    description: 'No heartbeat for an hour, where one comes every quarter: the app is down, or its telemetry is.'
    severity: 1
    window: 'PT1H'
    query: 'customMetrics | where name == "sitemonitor.heartbeats" | summarize beats = sum(value) | where beats == 0 | project bad = 1'
  }
  {
    name: 'rollback'
    description: 'The rollout was rolled back.'
    severity: 1
    window: 'PT15M'
    query: 'customMetrics | where name == "sitemonitor.rollbacks" | summarize bad = sum(value) | where bad > 0'
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${alertPrefix}${rule.name}'
    location: location
    tags: tags
    properties: {
      displayName: 'SiteMonitor ${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT15M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [team.id] }
      autoMitigate: true
    }
  }
]
