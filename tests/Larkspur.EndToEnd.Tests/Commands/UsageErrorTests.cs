namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>What was not understood is said in a line or two, with what was meant and how it is written; help comes when it is asked for.</summary>
public sealed class UsageErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-usage-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("there is no \"larkspur payments shwo\". Did you mean \"show\"?", "larkspur payments submit|list|show|remind|cancel|reconcile", "payments", "shwo", "PAY-1")]
    [InlineData("there is no \"larkspur paymnets\". Did you mean \"payments\"?", "larkspur VERB", "paymnets", "list")]
    [InlineData("there is no \"larkspur send\". Did you mean \"messages send\" or \"notifications send\"?", "larkspur VERB", "send", "--chat", "oc_1")]
    [InlineData("there is no \"larkspur frobnicate\".", "larkspur VERB", "frobnicate")]
    [InlineData("larkspur payments needs to know what to do.", "larkspur payments submit|list|show|remind|cancel|reconcile", "payments")]
    [InlineData("has no option \"--sate\". Did you mean \"--state\"?", "larkspur payments list [options]", "payments", "list", "--sate", "pending")]
    [InlineData("has no option \"--jsn\". Did you mean \"--json\"?", "larkspur inbox list [options]", "inbox", "list", "--jsn")]
    [InlineData("Did you mean \"pending\"?", "larkspur payments list [options]", "payments", "list", "--state", "pendign")]
    [InlineData("\"PAY-2\" is one word too many for larkspur payments show.", "larkspur payments show PAYMENT [options]", "payments", "show", "PAY-1", "PAY-2")]
    [InlineData("'payment'", "larkspur payments show PAYMENT [options]", "payments", "show")]
    [InlineData("'--scope'", "larkspur keys create --scope SCOPE NAME [options]", "keys", "create", "mica")]
    [InlineData("seven", "larkspur keys show ID [options]", "keys", "show", "seven")]
    [InlineData("--limit is 1 to 100000.", "larkspur people list [TEXT] [options]", "people", "list", "--limit", "0")]
    [InlineData("is no name of a context", "larkspur contexts use NAME", "contexts", "use", "a b")]
    public async Task A_mistake_is_said_with_what_was_meant_and_the_one_line_of_usage(string sentence, string usage, params string[] arguments)
    {
        var run = (await Cli.RunAsync(arguments, _folder)).Is(2, sentence);
        Assert.Equal("", run.Output);
        var lines = run.Errors.Trim().Split('\n');
        Assert.InRange(lines.Length, 2, 3);
        Assert.All(lines[..^1], line => Assert.StartsWith("larkspur: ", line, StringComparison.Ordinal));
        Assert.StartsWith("Usage: " + usage, lines[^1], StringComparison.Ordinal);
        Assert.EndsWith("--help has more)", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("没有“larkspur payments shwo”这个命令。您是不是想输入“show”？", "payments", "shwo")]
    [InlineData("larkspur payments list 没有“--sate”这个选项。您是不是想输入“--state”？", "payments", "list", "--sate", "x")]
    [InlineData("您是不是想输入“messages reply”？", "reply", "om_1")]
    public async Task Who_reads_Chinese_is_told_in_Chinese(string sentence, params string[] arguments)
    {
        var run = await Cli.RunAsync(arguments, _folder, environment: new Dictionary<string, string> { ["LC_ALL"] = "zh_CN.UTF-8" });
        run.Is(2, sentence);
        Assert.StartsWith("用法：larkspur", run.Errors.Trim().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_help_also_beside_a_mistake() =>
        Assert.Contains("Examples:", (await Cli.RunAsync(["payments", "show", "--help"], _folder)).Is(0).Output, StringComparison.Ordinal);
}
