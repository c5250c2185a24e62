# After `azd deploy`: says what to do next.
$ErrorActionPreference = 'Stop'
Write-Output @"

SiteMonitor is deployed: $env:SITEMONITOR_URL

Next:
  1. Secrets in Key Vault $($env:SITEMONITOR_KEY_VAULT_NAME): github-copilot-token, and github-app-key (GitHub App) or github-token.
     Set those that are missing, then: azd hooks run postprovision
  2. curl $env:SITEMONITOR_URL/api/health
  3. Webhook of the repository or App: $env:SITEMONITOR_WEBHOOK_URL
     content type application/json, events Issues and Pull requests, secret:
     az keyvault secret show --vault-name $env:SITEMONITOR_KEY_VAULT_NAME --name github-webhook-secret --query value -o tsv
  4. The function key for the command line:
     az functionapp keys list --name $env:SERVICE_API_NAME --resource-group $env:AZURE_RESOURCE_GROUP --query functionKeys.default -o tsv
  5. docs/runbook.md: the rollout from here on.
"@
