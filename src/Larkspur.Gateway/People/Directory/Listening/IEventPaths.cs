namespace Larkspur.Gateway.People.Directory.Listening;

/// <summary>The ways by which a platform's events reach this process. Each platform whose directory is read registers one.</summary>
internal interface IEventPaths
{
    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</summary>
    string Platform { get; }

    /// <summary>Those that are open now; who has none is not listened for.</summary>
    IEnumerable<EventPath> Open { get; }
}

/// <summary>A way by which an app's events reach this process now.</summary>
/// <param name="App">The app.</param>
/// <param name="Patience">How long the platform goes on trying with an event that it could not deliver, so that it is there soon after:
/// whatever is longer may have lost some.</param>
internal sealed record EventPath(string App, TimeSpan Patience)
{
    /// <summary>Open without a break since then; null: for as long as this process listens.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the platform last said anything: an open connection proves nothing. Null: being there is enough.</summary>
    public DateTimeOffset? HeardAt { get; init; }
}
