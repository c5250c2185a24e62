targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment; part of every name and tag.')
param environmentName string

@minLength(1)
@description('Region of everything but, if set apart, the model. Must offer Flex Consumption.')
param location string

@description('Object id of whoever deploys: gets the rights the post-provision step needs (write flags where absent, set secrets), and may call the model from a host on its own machine. Empty: none are given.')
param principalId string = ''

@allowed(['User', 'ServicePrincipal'])
param principalType string = 'User'

@description('Repositories SiteMonitor works on: owner/name, separated by commas.')
param gitHubRepositories string = ''

@description('GitHub App id; empty when a token is used instead.')
param gitHubAppId string = ''

@description('Installation id of that App.')
param gitHubInstallationId string = ''

@description('Region of the model; empty: the same as everything else. Not every region offers every model.')
param openAiLocation string = ''

@description('Endpoint of an Azure OpenAI account that exists already; empty: one is created. For an existing one grant the app identity the role Cognitive Services OpenAI User yourself.')
param existingOpenAiEndpoint string = ''

param openAiDeployment string = 'sitemonitor'

@description('Model to deploy; must support structured outputs.')
param openAiModel string = 'gpt-5.4-mini'

param openAiModelVersion string = '2026-03-17'

@allowed(['true', 'false'])
@description('Whether that model reasons before it answers (gpt-5 and later, o-series): it takes no temperature, and needs room for its reasoning. Text, since azd passes text.')
param openAiReasoningModel string = 'true'

@description('Version of the service API to ask for; the newest dated one. Empty: the one the client knows.')
param openAiApiVersion string = '2025-04-01-preview'

@description('Who is mailed when an alert fires; empty: nobody.')
param alertEmail string = ''

var abbreviations = loadJsonContent('./abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName, application: 'sitemonitor' }
var functionAppName = '${abbreviations.functionApp}${token}'
var createOpenAi = empty(existingOpenAiEndpoint)
var maxCompletionTokens = openAiReasoningModel == 'true' ? '6000' : '1500'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identities './modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    location: location
    tags: tags
    appIdentityName: '${abbreviations.managedIdentity}app-${token}'
    flagWriterIdentityName: '${abbreviations.managedIdentity}flags-${token}'
  }
}

module monitoring './modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: '${abbreviations.logAnalyticsWorkspace}${token}'
    insightsName: '${abbreviations.applicationInsights}${token}'
    publisherPrincipalId: identities.outputs.appPrincipalId
  }
}

module storage './modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.storageAccount}${token}'
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module appConfiguration './modules/appconfiguration.bicep' = {
  name: 'appconfiguration'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.appConfiguration}${token}'
    readerPrincipalId: identities.outputs.appPrincipalId
    writerPrincipalId: identities.outputs.flagWriterPrincipalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
  }
}

module keyVault './modules/keyvault.bicep' = {
  name: 'keyvault'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.keyVault}${token}'
    readerPrincipalId: identities.outputs.appPrincipalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
  }
}

module openAi './modules/openai.bicep' = if (createOpenAi) {
  name: 'openai'
  scope: group
  params: {
    location: empty(openAiLocation) ? location : openAiLocation
    tags: tags
    name: '${abbreviations.cognitiveServices}${token}'
    deploymentName: openAiDeployment
    modelName: openAiModel
    modelVersion: openAiModelVersion
    userPrincipalId: identities.outputs.appPrincipalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
  }
}

module functionApp './modules/functionapp.bicep' = {
  name: 'functionapp'
  scope: group
  params: {
    location: location
    tags: tags
    name: functionAppName
    planName: '${abbreviations.appServicePlan}${token}'
    identityId: identities.outputs.appIdentityId
    identityClientId: identities.outputs.appClientId
    flagWriterIdentityId: identities.outputs.flagWriterIdentityId
    flagWriterClientId: identities.outputs.flagWriterClientId
    storageAccountName: storage.outputs.name
    packageContainerName: storage.outputs.packageContainerName
    ledgerContainerName: storage.outputs.ledgerContainerName
    insightsConnectionString: monitoring.outputs.connectionString
    appConfigurationEndpoint: appConfiguration.outputs.endpoint
    keyVaultUri: keyVault.outputs.uri
    openAiEndpoint: createOpenAi ? openAi!.outputs.endpoint : existingOpenAiEndpoint
    openAiDeployment: openAiDeployment
    openAiReasoningModel: openAiReasoningModel
    openAiMaxCompletionTokens: maxCompletionTokens
    openAiApiVersion: openAiApiVersion
    gitHubRepositories: gitHubRepositories
    gitHubAppId: gitHubAppId
    gitHubInstallationId: gitHubInstallationId
  }
}

module alerts './modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    actionGroupName: '${abbreviations.actionGroup}${token}'
    alertPrefix: abbreviations.alertRule
    alertEmail: alertEmail
    insightsId: monitoring.outputs.insightsId
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_API_NAME string = functionApp.outputs.name
output SITEMONITOR_URL string = functionApp.outputs.url
output SITEMONITOR_WEBHOOK_URL string = '${functionApp.outputs.url}/api/github/webhook'
output SITEMONITOR_APP_CONFIGURATION_ENDPOINT string = appConfiguration.outputs.endpoint
output SITEMONITOR_KEY_VAULT_NAME string = keyVault.outputs.name
output SITEMONITOR_OPENAI_ENDPOINT_USED string = createOpenAi ? openAi!.outputs.endpoint : existingOpenAiEndpoint
output SITEMONITOR_OPENAI_DEPLOYMENT_USED string = openAiDeployment
output SITEMONITOR_OPENAI_REASONING_USED string = openAiReasoningModel
output SITEMONITOR_OPENAI_API_VERSION_USED string = openAiApiVersion
output SITEMONITOR_OPENAI_MAX_TOKENS_USED string = maxCompletionTokens
