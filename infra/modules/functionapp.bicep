// Flex Consumption, .NET 10 isolated. Secrets are Key Vault references, everything else is reached by identity.
param location string
param tags object
param name string
param planName string

@description('The app identity: storage, flags (read), secrets, model, telemetry.')
param identityId string
param identityClientId string

@description('The identity that changes flags; the rollout writer asks for it by its client id.')
param flagWriterIdentityId string
param flagWriterClientId string

param storageAccountName string
param packageContainerName string
param ledgerContainerName string
param insightsConnectionString string
param appConfigurationEndpoint string
param keyVaultUri string
param openAiEndpoint string
param openAiDeployment string
param openAiReasoningModel string
param openAiMaxCompletionTokens string
param openAiApiVersion string
param gitHubRepositories string
param gitHubAppId string
param gitHubInstallationId string

@description('Maximum on-demand instances per function group. All instances share GitHub\'s rate limits through a record in the ledger container. Some regions require at least 40; provisioning then fails with a message that says so.')
@minValue(1)
@maxValue(240)
param maximumInstanceCount int = 10

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageAccountName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
      '${flagWriterIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstanceCount
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(baseSettings, empty(gitHubAppId) ? tokenSettings : appSettings)
  }
}

// HTTP and Durable Functions scale to the maximum; each of the four timers runs on one instance.
var maximumProcesses = 2 * maximumInstanceCount + 4

var baseSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  AppConfiguration__Endpoint: appConfigurationEndpoint
  AppConfiguration__ClientId: identityClientId
  AppConfiguration__WriterClientId: flagWriterClientId
  AzureOpenAI__Endpoint: openAiEndpoint
  AzureOpenAI__Deployment: openAiDeployment
  AzureOpenAI__ClientId: identityClientId
  AzureOpenAI__ReasoningModel: openAiReasoningModel
  AzureOpenAI__MaxCompletionTokens: openAiMaxCompletionTokens
  AzureOpenAI__ApiVersion: openAiApiVersion
  GitHub__Repositories: gitHubRepositories
  GitHub__MaxInstances: string(maximumProcesses)
  GitHub__WebhookSecret: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/github-webhook-secret/)'
  GitHub__CopilotToken: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/github-copilot-token/)'
  Ledger__BlobServiceUri: storage.properties.primaryEndpoints.blob
  Ledger__Container: ledgerContainerName
  Ledger__ClientId: identityClientId
}

var appSettings = {
  GitHub__AppId: gitHubAppId
  GitHub__InstallationId: gitHubInstallationId
  GitHub__PrivateKey: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/github-app-key/)'
}

var tokenSettings = {
  GitHub__Token: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/github-token/)'
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
