# After `azd provision`: creates the feature flags that are absent (a flag that exists is never touched), a webhook secret if there is none,
# and local.settings.json for `func start`. Safe to run again. Needs az, signed in as the identity azd deployed with.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$endpoint = $env:SITEMONITOR_APP_CONFIGURATION_ENDPOINT
$vault = $env:SITEMONITOR_KEY_VAULT_NAME

$created = 0; $kept = 0
foreach ($file in Get-ChildItem (Join-Path $root 'infra/flags') -Filter *.json) {
  $output = az rest --only-show-errors --method put --resource https://azconfig.io `
    --url "$endpoint/kv/.appconfig.featureflag%2F$($file.BaseName)?api-version=2023-11-01" `
    --headers 'If-None-Match=*' 'Content-Type=application/vnd.microsoft.appconfig.kv+json' --body "@$($file.FullName)" 2>&1 | Out-String
  if ($LASTEXITCODE -eq 0) { $created++ }
  elseif ($output -match '412|Precondition ?Failed') { $kept++ }
  else {
    throw "Flag $($file.BaseName) was not created: $output`nA role assignment takes a few minutes to apply after the first provision: run 'azd hooks run postprovision' again."
  }
}
Write-Output "Feature flags: $created created in their development state, $kept left as they are."

az keyvault secret show --only-show-errors --vault-name $vault --name github-webhook-secret --query id -o tsv *> $null
if ($LASTEXITCODE -eq 0) {
  Write-Output 'Webhook secret: there is one already.'
} else {
  $file = New-TemporaryFile
  try {
    $bytes = [byte[]]::new(32)
    [System.Security.Cryptography.RandomNumberGenerator]::Fill($bytes)
    Set-Content -Path $file -NoNewline -Value ([Convert]::ToHexString($bytes).ToLowerInvariant())
    az keyvault secret set --only-show-errors --vault-name $vault --name github-webhook-secret --file $file --query id -o tsv | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "The webhook secret could not be set in Key Vault $vault." }
  } finally { Remove-Item $file }
  Write-Output "Webhook secret: created in Key Vault $vault."
}

$settings = Join-Path $root 'local.settings.json'
if (Test-Path $settings) {
  Write-Output 'local.settings.json: left as it is.'
} else {
  $values = Get-Content (Join-Path $root 'local.settings.sample.json') -Raw | ConvertFrom-Json
  $values.Values.FeatureFlags__File = ''
  $values.Values.AppConfiguration__Endpoint = $endpoint
  $values.Values.AzureOpenAI__Endpoint = $env:SITEMONITOR_OPENAI_ENDPOINT_USED
  $values.Values.AzureOpenAI__Deployment = $env:SITEMONITOR_OPENAI_DEPLOYMENT_USED
  $values | ConvertTo-Json -Depth 5 | Set-Content $settings
  Write-Output 'local.settings.json: written; add your own GitHub tokens.'
}
