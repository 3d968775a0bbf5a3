BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $commands = Get-Command -Module PassthroughTools | ForEach-Object { @{ Name = $_.Name } }
}

BeforeAll { . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1')) }

Describe 'Topics' {
    It 'has <_>' -ForEach 'about_PassthroughTools', 'about_PassthroughTools_Pools', 'about_PassthroughTools_Errors' {
        Get-Help $_ | Out-String | Should -Match 'vector'
    }
}

Describe 'Help of <Name>' -ForEach $commands {
    It 'has a synopsis, a description and two examples at least' {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Match '^[A-Z][a-z]+s '
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
    }

    It 'describes every parameter' {
        $documented = @((Get-Help $Name -Full).parameters.parameter.name)
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
        foreach ($parameter in (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin $common }) { $documented | Should -Contain $parameter }
    }

    It 'has examples that parse and bind' {
        foreach ($example in (Get-Help $Name -Full).examples.example) {
            $problems = $null
            $script = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref]$null, [ref]$problems)
            $problems | Should -BeNullOrEmpty -Because $example.code
            $calls = $script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)
            $calls | ForEach-Object { $_.GetCommandName() } | Should -Contain $Name
            foreach ($call in $calls) {
                $command = Get-Command $call.GetCommandName() -ErrorAction Ignore
                if ("$($command.Source)" -ne 'PassthroughTools') { continue }
                $bound = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
                $bound.BindingExceptions.Values | ForEach-Object { $_.BindingException.Message } | Should -BeNullOrEmpty -Because $example.code
            }
        }
    }

    It 'fits the window' {
        # Code stands as it was written, so that it can be copied.
        $long = (Get-Help $Name -Full | Out-String -Width 80) -split '\r?\n' | Where-Object { $_.Length -gt 80 }
        $long | Should -BeNullOrEmpty
    }
}
