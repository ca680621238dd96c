using Larkspur.Emulator.State;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>One gateway on every platform, whose assistant does what a test says, and people's clients on each.</summary>
public sealed class ConformanceFixture : IAsyncLifetime
{
    private ThreePlatforms _platforms = null!;
    private WebhookReceiver _business = null!;
    private WebClient _page = null!;
    private int _clients;

    internal GatewayApp Gateway => _platforms.Gateway;

    internal ScriptedAssistant Assistant => Gateway.Services.GetServices<IAssistant>().OfType<ScriptedAssistant>().Single();

    /// <summary>As the platforms declare them.</summary>
    internal IEnumerable<ChannelKind> Kinds => Gateway.Services.GetServices<IConversationChannel>().SelectMany(c => c.Kinds);

    public async ValueTask InitializeAsync()
    {
        _business = await WebhookReceiver.StartAsync();
        _platforms = await ThreePlatforms.StartAsync(
            // Before the gateway's own: the first one is asked.
            builder => builder.Services.AddSingleton<IAssistant, ScriptedAssistant>(),
            [
                ("DINGTALK_CARD_TEMPLATE", DingTalkFixture.Template),
                ("Larkspur:WebChat:CallsPerMinute", "100000"), ("Larkspur:WebChat:MessagesPerMinute", "10000"),
                .. _business.Settings("hr", "command.called").Select(s => (s.Key, s.Value!)),
            ]);
        _page = await WebClient.BeginAsync(_platforms);
    }

    public async ValueTask DisposeAsync()
    {
        await _platforms.DisposeAsync();
        await _business.DisposeAsync();
    }

    /// <summary>Somebody's client for a channel; each time another person's, for a platform gives one so many messages in a minute.</summary>
    internal PlatformClient ClientOf(ChannelKind kind)
    {
        string[] people = [SeededCompany.Alice, SeededCompany.Bob, SeededCompany.Carol];
        var who = people[Interlocked.Increment(ref _clients) % people.Length];
        return kind.Name switch
        {
            "feishu" => new FeishuClient(_platforms, who),
            "wecom app" => new WeComClient(_platforms, who, "app"),
            "wecom bot" => new WeComClient(_platforms, who, "aibot"),
            "dingtalk" => new DingTalkClient(_platforms, who),
            "web" => _page,
            _ => throw new InvalidOperationException($"{kind.Name} has no client here: write a {nameof(PlatformClient)}, so that the suite holds it."),
        };
    }

    internal IConversationChannel ChannelOf(string platform) =>
        Gateway.Services.GetServices<IConversationChannel>().Single(c => c.Platform == platform);

    /// <summary>Waits for a message with these words, the newest of them.</summary>
    internal async Task<Said> SaysAsync(PlatformClient client, Func<Said, bool> fits, string what)
    {
        Said? said = null;
        try
        {
            await _platforms.UntilAsync(async () => (said = (await client.SaidAsync()).LastOrDefault(fits)) is not null, $"{what} on {client.Kind}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Not said: {what}. Said on {client.Kind}:\n{string.Join("\n", (await client.SaidAsync()).Select(s => s.Text))}", e);
        }

        return said!;
    }

    internal Task<Said> SaysAsync(PlatformClient client, string words) =>
        SaysAsync(client, s => s.Text.Contains(words, StringComparison.Ordinal), $"\"{words}\"");

    internal Task UntilAsync(Func<Task<bool>> holds, string what) => _platforms.UntilAsync(holds, what);

    internal Task UntilAsync(Func<bool> holds, string what) => _platforms.UntilAsync(() => Task.FromResult(holds()), what);

    /// <summary>How often words were said.</summary>
    internal static async Task<int> CountAsync(PlatformClient client, string words) =>
        (await client.SaidAsync()).Count(s => s.Text.Contains(words, StringComparison.Ordinal));
}
