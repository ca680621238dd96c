using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>The launcher: on machines that lack something, and beside the program that it runs.</summary>
public sealed partial class LauncherTests : IDisposable
{
    private static readonly string[] Basics = ["bash", "sh", "env", "dirname", "readlink", "tr", "sed", "awk", "paste", "uname", "cat"];
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur launcher ").FullName;

    // They build or measure the program, so it cannot have them.
    private static readonly string[] OfTheLauncherAlone = ["test", "bench"];

    private static string Launcher => Path.Combine(Repository.Root, "larkspur");

    [Fact]
    public async Task Without_the_SDK_it_says_how_to_get_it()
    {
        var (exitCode, output) = await RunAsync(Launcher, "demo");
        Assert.Equal(1, exitCode);
        Assert.Contains("the .NET SDK 10 is missing", output, StringComparison.Ordinal);
        Assert.Contains("https://dotnet.microsoft.com/download/dotnet/10.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_older_SDK_it_names_the_one_it_needs_and_those_it_found()
    {
        var dotnet = Path.Combine(_folder, "dotnet");
        var script = "#!/bin/bash\nif [ \"$1\" = --list-sdks ]; then echo '8.0.100 [/usr/share/dotnet/sdk]'; exit 0; fi\nexit 145\n"u8;
        var executable = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) executable.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        using (var file = new FileStream(dotnet, executable)) file.Write(script);
        var (exitCode, output) = await RunAsync(Launcher, "smoke");
        Assert.Equal(1, exitCode);
        Assert.Matches(@"needs a \.NET SDK 10\.0\.\d+ or a newer 10\.0; installed: 8\.0\.100", output);
    }

    [Fact]
    public async Task The_tests_close_with_their_counts_even_when_they_cannot_run()
    {
        var (exitCode, output) = await RunAsync(Path.Combine(Repository.Root, ".ci", "run"));
        Assert.Equal(1, exitCode);
        Assert.Contains("0 passed, 1 failed, 0 skipped", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_verb_is_refused_in_two_lines()
    {
        var (exitCode, output) = await RunAsync(Launcher, "frobnicate");
        Assert.Equal(2, exitCode);
        Assert.Contains("there is no \"larkspur frobnicate\"", output, StringComparison.Ordinal);
        Assert.Contains("./larkspur help", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task Every_verb_of_the_program_is_listed_routed_and_completed()
    {
        var (_, usage) = await RunAsync(Launcher, "help");
        var verbs = await ProgramVerbsAsync();
        Assert.NotEmpty(verbs);
        Assert.Equal(verbs.Concat(OfTheLauncherAlone).Order(StringComparer.Ordinal), Listed(usage).Order(StringComparer.Ordinal));
        foreach (var verb in verbs)
        {
            // Far enough to look for the SDK that would run it.
            var (exitCode, output) = await RunAsync(Launcher, verb);
            Assert.True(exitCode == 1 && output.Contains("the .NET SDK 10 is missing", StringComparison.Ordinal), $"./larkspur {verb}: {output}");
        }

        var completed = (await Cli.RunAsync(["[suggest:9]", "larkspur "], _folder)).Is(0).Output.Split('\n', StringSplitOptions.TrimEntries);
        foreach (var verb in verbs) Assert.Contains(verb, completed);
    }

    [Fact]
    public async Task It_works_through_a_link_from_another_folder()
    {
        var link = Path.Combine(_folder, "lk");
        File.CreateSymbolicLink(link, Launcher);
        var (exitCode, output) = await RunAsync(link, "smoke");
        // Far enough to look for the SDK beside its own global.json.
        Assert.Equal(1, exitCode);
        Assert.Contains("the .NET SDK 10 is missing", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The verbs as the program's own help lists them.</summary>
    private async Task<string[]> ProgramVerbsAsync() => Listed((await Cli.RunAsync(["--help"], _folder)).Is(0).Output.Split("Commands:")[1]);

    private static string[] Listed(string text) => [.. VerbLine().Matches(text).Select(m => m.Groups["verb"].Value)];

    [GeneratedRegex(@"^  (?<verb>[a-z-]+)( <[^>]+>)? +\S", RegexOptions.Multiline)]
    private static partial Regex VerbLine();

    /// <summary>With nothing in PATH but the basics and what a test put beside them.</summary>
    private Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        foreach (var tool in Basics)
        {
            var place = ((string[])["/usr/bin", "/bin", "/opt/homebrew/bin"]).Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
            if (place is not null && !File.Exists(Path.Combine(_folder, tool))) File.CreateSymbolicLink(Path.Combine(_folder, tool), place);
        }

        var environment = new Dictionary<string, string> { ["PATH"] = _folder, ["HOME"] = _folder, ["DOTNET_ROOT"] = "" };
        return ToolProcess.AnyAsync(program, arguments, environment, _folder);
    }
}
