#!/usr/bin/env sh
# After `azd provision`: creates the feature flags that are absent (a flag that exists is never touched), a webhook secret if there is none,
# and local.settings.json for `func start`. Safe to run again. Needs az, signed in as the identity azd deployed with.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
endpoint=$SITEMONITOR_APP_CONFIGURATION_ENDPOINT
vault=$SITEMONITOR_KEY_VAULT_NAME

created=0; kept=0
for file in "$root"/infra/flags/*.json; do
  name=$(basename "$file" .json)
  if output=$(az rest --only-show-errors --method put --resource https://azconfig.io \
      --url "$endpoint/kv/.appconfig.featureflag%2F$name?api-version=2023-11-01" \
      --headers 'If-None-Match=*' 'Content-Type=application/vnd.microsoft.appconfig.kv+json' --body "@$file" 2>&1); then
    created=$((created + 1))
  else
    case $output in
      *412*|*"Precondition Failed"*|*PreconditionFailed*) kept=$((kept + 1)) ;;
      *) echo "Flag $name was not created: $output" >&2
         echo "A role assignment takes a few minutes to apply after the first provision: run 'azd hooks run postprovision' again." >&2
         exit 1 ;;
    esac
  fi
done
echo "Feature flags: $created created in their development state, $kept left as they are."

if az keyvault secret show --only-show-errors --vault-name "$vault" --name github-webhook-secret --query id -o tsv >/dev/null 2>&1; then
  echo "Webhook secret: there is one already."
else
  file=$(mktemp)
  trap 'rm -f "$file"' EXIT
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$file"
  az keyvault secret set --only-show-errors --vault-name "$vault" --name github-webhook-secret --file "$file" --query id -o tsv >/dev/null
  echo "Webhook secret: created in Key Vault $vault."
fi

settings="$root/local.settings.json"
if [ -e "$settings" ]; then
  echo "local.settings.json: left as it is."
else
  sed -e 's#"FeatureFlags__File": "[^"]*"#"FeatureFlags__File": ""#' \
      -e "s#\"AppConfiguration__Endpoint\": \"[^\"]*\"#\"AppConfiguration__Endpoint\": \"$endpoint\"#" \
      -e "s#\"AzureOpenAI__Endpoint\": \"[^\"]*\"#\"AzureOpenAI__Endpoint\": \"$SITEMONITOR_OPENAI_ENDPOINT_USED\"#" \
      -e "s#\"AzureOpenAI__Deployment\": \"[^\"]*\"#\"AzureOpenAI__Deployment\": \"$SITEMONITOR_OPENAI_DEPLOYMENT_USED\"#" \
      "$root/local.settings.sample.json" > "$settings"
  echo "local.settings.json: written; add your own GitHub tokens."
fi
