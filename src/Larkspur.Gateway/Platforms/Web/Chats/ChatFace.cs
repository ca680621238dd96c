using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>What stands around a message's text. Kept with it, so it must stay readable.</summary>
internal sealed record ChatFace
{
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The text is Markdown.</summary>
    public bool IsMarkdown { get; init; }

    public string? Title { get; init; }

    /// <summary>Small print below.</summary>
    public string? Note { get; init; }

    /// <summary>How an answer ended: <c>finished</c>, <c>stopped</c>, <c>interrupted</c>, <c>failed</c>; null: it has not, or it is none.</summary>
    public string? Ending { get; init; }

    public IReadOnlyList<ChatButton> Buttons { get; init; } = [];

    /// <summary>Files that came with a question, and pictures that an answer shows.</summary>
    public IReadOnlyList<Serving.ChatFileView> Files { get; init; } = [];

    public static ChatFace Read(string json) => JsonSerializer.Deserialize<ChatFace>(json, Json) ?? new ChatFace();

    public static IReadOnlyList<ChatButton> ButtonsOf(IEnumerable<ResponseButton> buttons) => [.. buttons.Select(b => new ChatButton(b.Text, b.Action.ToString(), b.IsPrimary))];

    public override string ToString() => JsonSerializer.Serialize(this, Json);
}

/// <summary>A button below a message.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Action">What is posted to <c>actions</c>.</param>
/// <param name="Primary">Drawn as the one to click.</param>
internal sealed record ChatButton(string Text, string Action, bool Primary);
