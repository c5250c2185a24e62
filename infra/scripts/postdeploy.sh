#!/usr/bin/env sh
# After `azd deploy`: says what to do next.
set -eu
cat <<EOF

SiteMonitor is deployed: $SITEMONITOR_URL

Next:
  1. Secrets in Key Vault $SITEMONITOR_KEY_VAULT_NAME: github-copilot-token, and github-app-key (GitHub App) or github-token.
     Set those that are missing, then: azd hooks run postprovision
  2. curl $SITEMONITOR_URL/api/health
  3. Webhook of the repository or App: $SITEMONITOR_WEBHOOK_URL
     content type application/json, events Issues and Pull requests, secret:
     az keyvault secret show --vault-name $SITEMONITOR_KEY_VAULT_NAME --name github-webhook-secret --query value -o tsv
  4. The function key for the command line:
     az functionapp keys list --name $SERVICE_API_NAME --resource-group $AZURE_RESOURCE_GROUP --query functionKeys.default -o tsv
  5. docs/runbook.md: the rollout from here on.
EOF
