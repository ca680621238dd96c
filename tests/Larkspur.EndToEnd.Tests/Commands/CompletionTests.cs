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
            try './larkspur cards '
            try 'larkspur chats history --or'
            try 'larkspur chats history oc_1 --order '
            try 'larkspur completion z'
            try 'larkspur sched --limit 3' 14
            try './larkspur permissions rules '
            try 'larkspur contexts u'
            """;
        using var bash = Cli.Start("bash", ["-c", script], _folder, null, environment: new Dictionary<string, string> { ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}" });
        bash.StandardInput.Close();
        var run = (await Cli.EndAsync(bash)).Is(0);
        Assert.Equal("", run.Errors);
        Assert.Contains("-F _larkspur larkspur", run.Output, StringComparison.Ordinal);
        foreach (var verb in (string[])["schedules", "smoke", "streams"]) Assert.Matches($@"(?m)^<larkspur s>: .*\b{verb}\b", run.Output);
        Assert.DoesNotMatch(@"(?m)^<larkspur s>: .*\b(events|chats|inbox)\b", run.Output);
        Assert.Matches(@"(?m)^<\./larkspur cards >: .*preview.*validate", run.Output);
        Assert.Contains("<larkspur chats history --or>: --order\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("<larkspur chats history oc_1 --order >: asc desc\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("<larkspur completion z>: zsh\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("<larkspur sched --limit 3>: schedules\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^<\./larkspur permissions rules >: .*add.*delete.*list.*put.*show", run.Output);
        Assert.Contains("<larkspur contexts u>: use\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zsh", "compdef _larkspur")]
    [InlineData("fish", "complete -c larkspur")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public async Task Other_shells_have_their_scripts(string shell, string words) => (await Cli.RunAsync(["completion", shell], _folder)).Is(0, words);
}
