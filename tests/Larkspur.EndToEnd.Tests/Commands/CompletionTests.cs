namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>The completion script as bash drives it: with the line, the place of the cursor, and the words as it splits them.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-completion-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Bash_completes_verbs_options_and_values()
    {
        var larkspur = Path.Combine(_folder, "larkspur");
        await File.WriteAllTextAsync(larkspur, $"#!/bin/bash\nexec dotnet '{Cli.Program}' \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(larkspur, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var script = """
            set -u
            source <(larkspur completion bash)
            complete -p larkspur ./larkspur
            try() {
              COMP_LINE=$1 COMP_POINT=${2:-${#1}}
              read -r -a COMP_WORDS <<<"$COMP_LINE"
              [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
              COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
              _larkspur
              echo "<$1>: ${COMPREPLY[*]-}"
            }
            try 'larkspur s'
            try './larkspur card '
            try 'larkspur history --or'
            try 'larkspur history oc_1 --order '
            try 'larkspur completion z'
            try 'larkspur hist --limit 3' 13
            """;
        using var bash = Cli.Start("bash", ["-c", script], _folder, null, environment: new Dictionary<string, string> { ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}" });
        bash.StandardInput.Close();
        var run = (await Cli.EndAsync(bash)).Is(0);
        Assert.Equal("", run.Errors);
        Assert.Contains("-F _larkspur larkspur", run.Output, StringComparison.Ordinal);
        foreach (var verb in (string[])["send", "smoke", "status"]) Assert.Matches($@"(?m)^<larkspur s>: .*\b{verb}\b", run.Output);
        Assert.DoesNotMatch(@"(?m)^<larkspur s>: .*\b(events|chats|inbox)\b", run.Output);
        Assert.Matches(@"(?m)^<\./larkspur card >: .*preview.*validate", run.Output);
        Assert.Contains("<larkspur history --or>: --order\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("<larkspur history oc_1 --order >: asc desc\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("<larkspur completion z>: zsh\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("<larkspur hist --limit 3>: history\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zsh", "compdef _larkspur")]
    [InlineData("fish", "complete -c larkspur")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public async Task Other_shells_have_their_scripts(string shell, string words) => (await Cli.RunAsync(["completion", shell], _folder)).Is(0, words);
}
