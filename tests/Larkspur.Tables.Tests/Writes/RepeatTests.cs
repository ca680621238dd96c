using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

/// <summary>A writing that is named can be done again by another process.</summary>
public sealed class RepeatTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_rows_under_one_key_go_under_the_same_tokens_and_others_do_not()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = Rows.Make;
        var first = await TokensAsync("order-1", Rows.Numbered(25));
        Assert.Equal(3, first.Distinct().Count());
        Assert.All(first, token =>
            Assert.True(Guid.TryParse(token, out var uuid) && uuid.Version == 4 && uuid.Variant is >= 8 and <= 11, token));
        Assert.Equal(first, await TokensAsync("order-1", Rows.Numbered(25)));
        Assert.Empty(first.Intersect(await TokensAsync("order-2", Rows.Numbered(25))));
        Assert.Empty(first.Intersect(await TokensAsync(null, Rows.Numbered(25))));
        // Twice the same row are two rows.
        var twice = await TokensAsync("order-3", [.. Rows.Numbered(10), .. Rows.Numbered(10)]);
        Assert.Equal(2, twice.Distinct().Count());

        async Task<string[]> TokensAsync(string? key, TableRow[] rows)
        {
            server.Calls.Clear();
            await server.Table().CreateAsync(rows, new() { BatchSize = 10, RepeatKey = key }, Cancel);
            return [.. server.Calls.Select(call => call.Query["client_token"])];
        }
    }
}
