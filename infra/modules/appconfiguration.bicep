// The store only. The flags are created by the post-provision step where they are absent, never here: the next `azd up` must not reset a rollout.
param location string
param tags object
param name string

@description('Principal that reads flags: the app.')
param readerPrincipalId string

@description('Principal that changes flags: the rollout writer.')
param writerPrincipalId string

@description('Principal that creates missing flags after provisioning; empty: none.')
param deployerPrincipalId string
param deployerPrincipalType string

var dataReader = '516239f1-63e1-4d78-a4de-a74fb236a071'
var dataOwner = '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b'

resource store 'Microsoft.AppConfiguration/configurationStores@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'standard' }
  properties: {
    disableLocalAuth: true
    enablePurgeProtection: false
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(store.id, readerPrincipalId, dataReader)
  scope: store
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataReader)
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource writer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(store.id, writerPrincipalId, dataOwner)
  scope: store
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataOwner)
    principalId: writerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(store.id, deployerPrincipalId, dataOwner)
  scope: store
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataOwner)
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
  }
}

output endpoint string = store.properties.endpoint
