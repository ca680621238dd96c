using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur openapi</c> prints what the typed client is made from, beside whatever runs.</summary>
public sealed class OpenApiCommandTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    [Fact]
    public async Task It_prints_the_description_byte_for_byte_as_it_is_committed()
    {
        var run = (await fixture.RunAsync("openapi")).Is(0);
        Assert.Equal("", run.Errors);
        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Larkspur.Client", "openapi.json"), TestContext.Current.CancellationToken);
        Assert.Equal(committed.ReplaceLineEndings("\n"), run.Output.ReplaceLineEndings("\n"));
    }
}
