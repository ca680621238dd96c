using System.Xml.Linq;

namespace Larkspur.Architecture.Tests;

/// <summary>Which project may know which.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> Direct = Repository.Files("src", ".csproj").ToDictionary(
        path => Path.GetFileNameWithoutExtension(path),
        path => XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
            // What is only built along (the sample bot, beside the command) is not known: nothing of it can be named.
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).ToArray(),
        StringComparer.Ordinal);

    [Fact]
    public void The_emulator_and_the_SDKs_share_nothing()
    {
        Assert.Empty(Known("Larkspur.Emulator"));
        Assert.Equal(["Larkspur.Cli"], Direct.Keys.Where(project => Known(project).Contains("Larkspur.Emulator")));
    }

    [Theory]
    [InlineData("Larkspur.Feishu")]
    [InlineData("Larkspur.WeCom")]
    [InlineData("Larkspur.DingTalk")]
    [InlineData("Larkspur.Dify")]
    public void An_SDK_knows_the_core_and_nothing_else_of_ours(string project) => Assert.Equal(["Larkspur.Core"], Known(project));

    [Theory]
    [InlineData("Larkspur.Feishu.Approvals")]
    [InlineData("Larkspur.Feishu.Tables")]
    public void What_stands_on_the_typed_API_knows_nothing_else_of_ours(string project) => Assert.Equal(
        ["Larkspur.Core", "Larkspur.Feishu", "Larkspur.Feishu.Api"], Known(project).Order(StringComparer.Ordinal));

    [Fact]
    public void Nothing_but_the_command_knows_the_gateway() => Assert.Equal(["Larkspur.Cli"],
        Direct.Keys.Where(project => !Rooms.Projects.Any(own => own.Project == project) && Known(project).Any(known => Rooms.Projects.Any(own => own.Project == known))));

    /// <summary>So that none of them waits for the generated API of a platform, and an edit of it rebuilds none.</summary>
    [Theory]
    [InlineData("Larkspur.Gateway.Masking")]
    [InlineData("Larkspur.Gateway.Engine", "Larkspur.Core", "Larkspur.Gateway.Masking")]
    public void The_engine_knows_no_platform(string project, params string[] known) => Assert.Equal(known, Known(project).Order(StringComparer.Ordinal));

    [Fact]
    public void Nothing_but_the_composition_knows_the_console() => Assert.Equal(["Larkspur.Cli", "Larkspur.Gateway.Hosting"],
        Direct.Keys.Where(project => Known(project).Contains("Larkspur.Gateway.Console")).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Larkspur.Core")]
    [InlineData("Larkspur.Webhooks")]
    public void The_ground_knows_nothing(string project) => Assert.Empty(Known(project));

    /// <summary>A console program that uses an SDK needs the plain .NET runtime alone.</summary>
    [Fact]
    public void Of_what_others_reference_only_the_receiver_for_it_needs_ASP_NET() => Assert.Equal(["Larkspur.Feishu.AspNetCore"],
        Repository.Files("src", ".csproj").Where(path => XDocument.Parse(Repository.Read(path)) is var project
            && project.Descendants("IsPackable").Any(packable => packable.Value == "true")
            && (project.Root!.Attribute("Sdk")!.Value.EndsWith(".Web", StringComparison.Ordinal) || project.Descendants("FrameworkReference").Any()))
            .Select(path => Path.GetFileNameWithoutExtension(path)));

    private static HashSet<string> Known(string project)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(Direct[project]);
        while (open.TryDequeue(out var next))
        {
            if (known.Add(next)) foreach (var further in Direct[next]) open.Enqueue(further);
        }

        return known;
    }
}
