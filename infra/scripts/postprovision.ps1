# Runs after `azd provision`: creates missing feature flags (existing ones are never changed), a missing webhook secret, and local.settings.json
# for `func start`; lists the secrets that are still missing, and makes the app read the others. Safe to run again.
# Needs az, signed in as the identity azd deployed with.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$endpoint = $env:SITEMONITOR_APP_CONFIGURATION_ENDPOINT
$vault = $env:SITEMONITOR_KEY_VAULT_NAME
$pause = 15
$script:patience = if ($env:HOOK_PATIENCE_SECONDS) { [int]$env:HOOK_PATIENCE_SECONDS } else { 600 }

# A role assignment of the first provision takes minutes to apply; until then everything is refused.
function Wait-OrFail([string]$problem) {
  if ($script:patience -le 0) {
    throw "$problem`nIf a new role does not apply yet, run 'azd hooks run postprovision' again in some minutes."
  }
  Write-Output 'Refused; trying again, because a new role takes minutes to apply.'
  Start-Sleep -Seconds $pause
  $script:patience -= $pause
}

$created = 0; $kept = 0
foreach ($file in Get-ChildItem (Join-Path $root 'infra/flags') -Filter *.json) {
  $url = "$endpoint/kv/.appconfig.featureflag%2F$($file.BaseName)?api-version=2023-11-01"
  while ($true) {
    $output = az rest --only-show-errors --method put --resource https://azconfig.io --url $url `
      --headers 'If-None-Match=*' 'Content-Type=application/vnd.microsoft.appconfig.kv+json' --body "@$($file.FullName)" 2>&1 | Out-String
    if ($LASTEXITCODE -eq 0) { $created++; break }
    az rest --only-show-errors --method get --resource https://azconfig.io --url $url *> $null
    if ($LASTEXITCODE -eq 0) { $kept++; break }
    Wait-OrFail "Flag $($file.BaseName) was not created: $output"
  }
}
Write-Output "Feature flags: $created created in their development state, $kept unchanged."

while ($true) {
  $output = az keyvault secret show --only-show-errors --vault-name $vault --name github-webhook-secret --query id -o tsv 2>&1 | Out-String
  if ($LASTEXITCODE -eq 0) {
    Write-Output 'Webhook secret: exists already.'
    break
  }
  if ($output -match 'SecretNotFound') {
    $file = New-TemporaryFile
    try {
      $bytes = [byte[]]::new(32)
      [System.Security.Cryptography.RandomNumberGenerator]::Fill($bytes)
      Set-Content -Path $file -NoNewline -Value ([Convert]::ToHexString($bytes).ToLowerInvariant())
      az keyvault secret set --only-show-errors --vault-name $vault --name github-webhook-secret --file $file --query id -o tsv | Out-Null
      if ($LASTEXITCODE -ne 0) { throw "The webhook secret could not be set in Key Vault $vault." }
    } finally { Remove-Item $file }
    Write-Output "Webhook secret: created in Key Vault $vault."
    break
  }
  Wait-OrFail "Key Vault $vault could not be read: $output"
}

$signIn = if ($env:SITEMONITOR_GITHUB_APP_ID) { 'github-app-key' } else { 'github-token' }
$missing = @('github-copilot-token', $signIn) | Where-Object {
  az keyvault secret show --only-show-errors --vault-name $vault --name $_ --query id -o tsv *> $null
  $LASTEXITCODE -ne 0
}
foreach ($name in $missing) {
  Write-Output "Missing secret, set it with: az keyvault secret set --vault-name $vault --name $name --file <file with only the value>"
}
if ($missing) { Write-Output 'Without them the app does not start. Afterwards: azd hooks run postprovision' }

# The platform reads secrets when a setting is written and then once a day; a secret that was set later is missing until then.
$app = "/subscriptions/$env:AZURE_SUBSCRIPTION_ID/resourceGroups/$env:AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$env:SERVICE_API_NAME"
az rest --only-show-errors --method post --url "https://management.azure.com$app/config/configreferences/appsettings/refresh?api-version=2022-03-01" *> $null
$read = $LASTEXITCODE -eq 0
if ($read) {
  az functionapp restart --only-show-errors --ids $app *> $null
  $read = $LASTEXITCODE -eq 0
}
if ($read) {
  Write-Output "App $($env:SERVICE_API_NAME): reads its secrets again."
} else {
  Write-Warning "App $($env:SERVICE_API_NAME): could not be made to read its secrets again; restart it in the portal after you set them."
}

$settings = Join-Path $root 'local.settings.json'
if (Test-Path $settings) {
  Write-Output 'local.settings.json: unchanged.'
} else {
  $sample = Get-Content (Join-Path $root 'local.settings.sample.json') -Raw | ConvertFrom-Json
  $sample.Values.FeatureFlags__File = ''
  $sample.Values.AppConfiguration__Endpoint = $endpoint
  $sample.Values.AzureOpenAI__Endpoint = $env:SITEMONITOR_OPENAI_ENDPOINT_USED
  $sample.Values.AzureOpenAI__Deployment = $env:SITEMONITOR_OPENAI_DEPLOYMENT_USED
  $sample.Values.AzureOpenAI__ApiVersion = $env:SITEMONITOR_OPENAI_API_VERSION_USED
  $sample.Values.AzureOpenAI__ReasoningModel = $env:SITEMONITOR_OPENAI_REASONING_USED
  $sample.Values.AzureOpenAI__MaxCompletionTokens = $env:SITEMONITOR_OPENAI_MAX_TOKENS_USED
  $sample | ConvertTo-Json -Depth 5 | Set-Content $settings
  Write-Output 'local.settings.json: written; add your own GitHub tokens and a webhook secret.'
}
