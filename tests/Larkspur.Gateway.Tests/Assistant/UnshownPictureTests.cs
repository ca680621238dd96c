using Larkspur.Emulator.Dify;
using Larkspur.Gateway.Tests.Commands;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>A picture of an answer that cannot be shown: the answer says why, and has the link where one may follow it.</summary>
public sealed class UnshownPictureTests
{
    private const string Link = "[Open the picture](";

    [Theory]
    [InlineData("too-large.png", "it is larger than 10 MB", true)]
    [InlineData("not-a-picture.png", "the file is no PNG, JPEG, GIF or WebP picture", true)]
    [InlineData("not-there.png", "it could not be fetched just now", true)]
    [InlineData("https://10.1.2.3/chart.png", "its address may not be opened from here", true)]
    [InlineData("https://169.254.169.254/latest/meta-data", "its address may not be opened from here", true)]
    [InlineData("http://10.1.2.3/chart.png", "its address may not be opened from here", false)]
    [InlineData("file:///etc/passwd", "its address may not be opened from here", false)]
    public async Task It_stays_a_link_with_the_reason(string made, string why, bool isLinked)
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(DifyApp.Echo with { Makes = [made] });
        await platforms.SayAsync("feishu", "How much?");
        var said = await EndAsync(platforms, $"The picture cannot be shown here: {why}.");
        Assert.Equal(isLinked, said.Contains(Link, StringComparison.Ordinal));
        Assert.DoesNotContain(platforms.Emulator.State.Inspector.Calls(), c => c.Path.EndsWith("/im/v1/images", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_platform_that_refuses_it_is_named_and_no_key_goes_to_the_backends_files()
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(DifyApp.Echo with { Makes = ["spending-en.png"] });
        await platforms.FaultAsync(new { path = "/open-apis/im/v1/images", reply = 400, code = 234007, count = 1 });
        await platforms.SayAsync("feishu", "How much?");
        Assert.Contains(Link, await EndAsync(platforms, "the chat platform did not take it"), StringComparison.Ordinal);
        Assert.Empty(await SentPictures.OnAsync(platforms, "feishu"));
        var fetched = platforms.Emulator.State.Inspector.Calls().Single(c => c.Path.StartsWith("/files/tools/", StringComparison.Ordinal));
        Assert.DoesNotContain(fetched.Headers, h => h.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task More_than_five_are_links()
    {
        var made = Enumerable.Repeat("spending-en.png", 6).ToArray();
        await using var platforms = await ThreePlatforms.WithDifyAsync(DifyApp.Echo with { Makes = made });
        await platforms.SayAsync("feishu", "How much?");
        await EndAsync(platforms, "an answer shows at most 5 pictures");
        await platforms.UntilAsync(async () => (await SentPictures.OnAsync(platforms, "feishu")).Count == 5, "five pictures");
    }

    /// <summary>Waits for the whole answer; all that the bot has said.</summary>
    private static async Task<string> EndAsync(ThreePlatforms platforms, string words)
    {
        var said = "";
        await platforms.UntilAsync(() =>
        {
            var state = platforms.Emulator.State;
            var cards = state.Chats().SelectMany(c => state.Messages(c.ChatId)).Select(m => m.Card?.Json);
            said = string.Join('\n', cards.Where(card => card?.Contains("asst:again", StringComparison.Ordinal) == true));
            return Task.FromResult(said.Contains(words, StringComparison.Ordinal));
        }, words);
        return said;
    }
}
