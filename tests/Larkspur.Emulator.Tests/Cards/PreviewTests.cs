using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

/// <summary>The preview draws whatever a shared link holds, unasked: so a card costs little, however it is made.</summary>
public sealed class PreviewTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync();

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task A_mention_that_is_not_closed_swallows_nothing()
    {
        var drawn = await DrawAsync(Markdown("<at id=all> hello <at id=all></at> world"));
        Assert.Equal(4, drawn.Split("class=\"mention\"").Length - 1); // two, at two widths
        Assert.Contains("hello", drawn, StringComparison.Ordinal);
        Assert.Contains("world", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_in_tags_are_bounded()
    {
        var drawn = await DrawAsync(Markdown(string.Concat(Enumerable.Repeat("<font color='red'>", 500)) + "deep"));
        Assert.InRange(drawn.Split("<span").Length, 2, 400);
        Assert.Contains("deep", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_far_above_the_limit_is_validated_by_its_size_alone()
    {
        var drawn = await DrawAsync(Markdown(new string('x', 110 * 1024)));
        Assert.Contains("230025", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("frame-card", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_as_long_as_a_card_is_not_kept_before_every_value_in_it()
    {
        // Kept, each of the values would hold the whole name once more: what is too long counts as standing where the card does.
        var drawn = await DrawAsync("{\n\"schema\":\"2.0\",\n\n\"" + new string('n', 500) + "\":[1,\n2]}");
        Assert.Contains("data-marks=\"1:error\"", drawn, StringComparison.Ordinal);
        drawn = await DrawAsync("{\n\"schema\":\"2.0\",\n\n\"" + new string('n', 50) + "\":[1,\n2]}");
        Assert.Contains("data-marks=\"4:error\"", drawn, StringComparison.Ordinal);
    }

    private static string Markdown(string content) =>
        JsonSerializer.Serialize(new { schema = "2.0", body = new { elements = new[] { new { tag = "markdown", content } } } });

    private async Task<string> DrawAsync(string card)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/ui/card-preview?as=alice", UriKind.Relative)) { Content = JsonContent.Create(new { card, lang = "en" }) };
        request.Headers.Add("X-Larkspur-Client", "1");
        using var answer = await _emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var drawn = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, drawn);
        return drawn;
    }
}
