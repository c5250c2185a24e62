// Two identities: the app's own, which reads flags, and one that may change them, used by the rollout's writer only.
param location string
param tags object
param appIdentityName string
param flagWriterIdentityName string

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: appIdentityName
  location: location
  tags: tags
}

resource flagWriter 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: flagWriterIdentityName
  location: location
  tags: tags
}

output appIdentityId string = app.id
output appClientId string = app.properties.clientId
output appPrincipalId string = app.properties.principalId
output flagWriterIdentityId string = flagWriter.id
output flagWriterClientId string = flagWriter.properties.clientId
output flagWriterPrincipalId string = flagWriter.properties.principalId
