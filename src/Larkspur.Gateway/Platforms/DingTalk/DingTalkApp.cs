using Larkspur.DingTalk;
using Larkspur.Gateway.Apps;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>One DingTalk app: how it calls, what it accepts, how its answers look.</summary>
internal sealed class DingTalkApp(string name, DingTalkAppSettings settings, DingTalkClient client) : IPlatformApp
{
    private volatile string? _cardProblem;

    public string Name { get; } = name;

    public string? PlatformId => Settings.Options.ClientId;

    public DingTalkAppSettings Settings { get; } = settings;

    public DingTalkClient Client { get; } = client;

    /// <summary>Judges what comes over HTTP.</summary>
    public DingTalkReceiver Receiver { get; } = new(client);

    public bool HasStream => Settings.Mode.HasFlag(DingTalkEventMode.Stream);

    public bool HasWebhook => Settings.Mode.HasFlag(DingTalkEventMode.Webhook);

    /// <summary>Its name in figures that know apps of other platforms too.</summary>
    public string Label => DingTalkMonth.LabelOf(Name);

    /// <summary>Why the last card was refused for good; null: none was since one was shown.</summary>
    public string? CardProblem
    {
        get => _cardProblem;
        set => _cardProblem = value;
    }
}
