#!/usr/bin/env sh
# Runs after `azd provision`: creates missing feature flags (existing ones are never changed), a missing webhook secret, and local.settings.json
# for `func start`; lists the secrets that are still missing, and makes the app read the others. Safe to run again.
# Needs az, signed in as the identity azd deployed with.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
endpoint=$SITEMONITOR_APP_CONFIGURATION_ENDPOINT
vault=$SITEMONITOR_KEY_VAULT_NAME
pause=15
patience=${HOOK_PATIENCE_SECONDS:-600}

# A role assignment of the first provision takes minutes to apply; until then everything is refused.
wait_or_fail() {
  if [ "$patience" -le 0 ]; then
    echo "$1" >&2
    echo "If a new role does not apply yet, run 'azd hooks run postprovision' again in some minutes." >&2
    exit 1
  fi
  echo "Refused; trying again, because a new role takes minutes to apply."
  sleep "$pause"
  patience=$((patience - pause))
}

flag() {
  method=$1 name=$2
  shift 2
  az rest --only-show-errors --method "$method" --resource https://azconfig.io --url "$endpoint/kv/.appconfig.featureflag%2F$name?api-version=2023-11-01" "$@" 2>&1
}

created=0; kept=0
for file in "$root"/infra/flags/*.json; do
  name=$(basename "$file" .json)
  while :; do
    if output=$(flag put "$name" --headers 'If-None-Match=*' 'Content-Type=application/vnd.microsoft.appconfig.kv+json' --body "@$file"); then
      created=$((created + 1))
      break
    elif flag get "$name" >/dev/null; then
      kept=$((kept + 1))
      break
    fi
    wait_or_fail "Flag $name was not created: $output"
  done
done
echo "Feature flags: $created created in their development state, $kept unchanged."

while :; do
  if output=$(az keyvault secret show --only-show-errors --vault-name "$vault" --name github-webhook-secret --query id -o tsv 2>&1); then
    echo "Webhook secret: exists already."
    break
  fi
  case $output in
    *SecretNotFound*)
      file=$(mktemp)
      trap 'rm -f "$file"' EXIT
      od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$file"
      az keyvault secret set --only-show-errors --vault-name "$vault" --name github-webhook-secret --file "$file" --query id -o tsv >/dev/null
      echo "Webhook secret: created in Key Vault $vault."
      break ;;
  esac
  wait_or_fail "Key Vault $vault could not be read: $output"
done

sign_in=github-token
[ -z "${SITEMONITOR_GITHUB_APP_ID:-}" ] || sign_in=github-app-key
missing=
for name in github-copilot-token "$sign_in"; do
  az keyvault secret show --only-show-errors --vault-name "$vault" --name "$name" --query id -o tsv >/dev/null 2>&1 || missing="$missing $name"
done
for name in $missing; do
  echo "Missing secret, set it with: az keyvault secret set --vault-name $vault --name $name --file <file with only the value>"
done
[ -z "$missing" ] || echo "Without them the app does not start. Afterwards: azd hooks run postprovision"

# The platform reads secrets when a setting is written and then once a day; a secret that was set later is missing until then.
app="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$SERVICE_API_NAME"
if az rest --only-show-errors --method post --url "https://management.azure.com$app/config/configreferences/appsettings/refresh?api-version=2022-03-01" >/dev/null 2>&1 &&
  az functionapp restart --only-show-errors --ids "$app" >/dev/null 2>&1; then
  echo "App $SERVICE_API_NAME: reads its secrets again."
else
  echo "App $SERVICE_API_NAME: could not be made to read its secrets again; restart it in the portal after you set them." >&2
fi

settings="$root/local.settings.json"
if [ -e "$settings" ]; then
  echo "local.settings.json: unchanged."
else
  umask 077 # It will hold tokens.
  set_value() { sed "s#\"$1\": \"[^\"]*\"#\"$1\": \"$2\"#"; }
  set_value FeatureFlags__File '' < "$root/local.settings.sample.json" |
    set_value AppConfiguration__Endpoint "$endpoint" |
    set_value AzureOpenAI__Endpoint "$SITEMONITOR_OPENAI_ENDPOINT_USED" |
    set_value AzureOpenAI__Deployment "$SITEMONITOR_OPENAI_DEPLOYMENT_USED" |
    set_value AzureOpenAI__ApiVersion "$SITEMONITOR_OPENAI_API_VERSION_USED" |
    set_value AzureOpenAI__ReasoningModel "$SITEMONITOR_OPENAI_REASONING_USED" |
    set_value AzureOpenAI__MaxCompletionTokens "$SITEMONITOR_OPENAI_MAX_TOKENS_USED" > "$settings"
  echo "local.settings.json: written; add your own GitHub tokens and a webhook secret."
fi
