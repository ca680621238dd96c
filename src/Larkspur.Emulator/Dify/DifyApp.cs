namespace Larkspur.Emulator.Dify;

/// <summary>A scripted app. Its key is its only name on the wire.</summary>
/// <param name="Key">What <c>Authorization: Bearer</c> must say.</param>
/// <param name="Name">As <c>/info</c> tells it.</param>
/// <param name="Mode"><c>chat</c>, <c>agent-chat</c>, <c>agent</c>, <c>advanced-chat</c>.</param>
/// <param name="Pause">Time between two pieces of an answer, on the virtual clock.</param>
/// <param name="Fails">It does not answer but fails as the question's first word says (<see cref="DifyFailures"/>).</param>
public sealed record DifyApp(string Key, string Name, string Mode, TimeSpan Pause = default, bool Fails = false)
{
    /// <summary>Files that its questions may have: <c>image</c>, <c>document</c>, <c>audio</c>, <c>video</c>, <c>custom</c>; empty: none.</summary>
    public IReadOnlyList<string> FileTypes { get; init; } = ["image", "document", "audio"];

    /// <summary>Extensions, with the dot, that files named <c>custom</c> may have.</summary>
    public IReadOnlyList<string> FileExtensions { get; init; } = [];

    /// <summary>It plays the demo's script (<see cref="DemoScript"/>); else it echoes.</summary>
    public bool PlaysDemo { get; init; }

    /// <summary>
    /// Pictures that it makes for each answer, unless it plays the demo: names of those here (<see cref="DifyPictures"/>), or addresses.
    /// </summary>
    public IReadOnlyList<string> Makes { get; init; } = [];

    /// <summary>How long it thinks before the first piece of an answer, on the virtual clock.</summary>
    public TimeSpan Thinks { get; init; }

    /// <summary>The code with which every question fails before its answer begins; null: none does.</summary>
    public string? AlwaysFailsWith { get; init; }

    /// <summary>Key of the first app where <c>DIFY_API_KEY</c> says nothing.</summary>
    public const string DefaultKey = "app-emulator-key";

    /// <summary>An app that echoes each question at once, under the default key: for tests, in the demo's place.</summary>
    public static DifyApp Echo { get; } = new(DefaultKey, "Echo", "chat");

    /// <summary>The emulator's apps; the first has the key that the gateway is given,
    /// and answers as a model would: in its time, from the demo's script.</summary>
    public static IReadOnlyList<DifyApp> Seeded(string? key) =>
    [
        new(string.IsNullOrWhiteSpace(key) ? DefaultKey : key.Trim(), "Larkspur 问答", "chat", TimeSpan.FromMilliseconds(60))
        {
            PlaysDemo = true, Thinks = TimeSpan.FromMilliseconds(600),
        },
        Echo with { Key = "app-emulator-echo" },
        new("app-emulator-agent", "Agent", "agent-chat"),
        new("app-emulator-new-agent", "New Agent", "agent"),
        new("app-emulator-chatflow", "Chatflow", "advanced-chat"),
        new("app-emulator-slow", "Slow", "chat", TimeSpan.FromSeconds(1)),
        new("app-emulator-failing", "Failing", "advanced-chat", Fails: true),
        new("app-emulator-quota", "Quota", "chat") { AlwaysFailsWith = "provider_quota_exceeded" },
        new("app-emulator-text", "Text", "chat") { FileTypes = [] },
    ];
}
