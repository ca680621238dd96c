using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests;

public sealed partial class DocumentationTests
{
    [Fact]
    public async Task The_manual_lists_exactly_the_endpoints_that_are_played()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var played = emulator.Services.GetRequiredService<ApiHandlers>().Ids.Order(StringComparer.Ordinal);
        var listed = Row().Matches(await File.ReadAllTextAsync(Manual(), TestContext.Current.CancellationToken)).Select(m => m.Groups[1].Value);
        Assert.Equal(played, listed.Order(StringComparer.Ordinal));
    }

    private static string Manual()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "docs", "emulator.md");
            if (File.Exists(file)) return file;
        }

        throw new FileNotFoundException("docs/emulator.md is not above the test's folder.");
    }

    [GeneratedRegex(@"^\| `([a-z0-9_.]+)` \| (?:GET|POST|PUT|PATCH|DELETE) ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
