using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.State;

/// <summary>What a person can do in the client. Every method plays the whole effect: state, events to the bots, callbacks.</summary>
/// <remarks>A refusal is an <see cref="ActionOutcome.Refusal"/> in words for the person, never an exception.</remarks>
public interface IPersonActions
{
    /// <param name="chatId"><see langword="null"/>: the person's own chat with the first bot.</param>
    /// <param name="text">Mentions as <c>@name</c>, <c>@user_id</c>, <c>@all</c>, or as <c>&lt;at user_id="bob"&gt;&lt;/at&gt;</c>.</param>
    /// <param name="replyTo">The message that is answered.</param>
    ActionOutcome SendText(string personId, string? chatId, string text, string? replyTo = null, bool inThread = false);

    /// <summary>Sends any other message type; <paramref name="content"/> is the platform's JSON string.</summary>
    ActionOutcome SendContent(string personId, string? chatId, string msgType, string content, string? replyTo = null, bool inThread = false);

    /// <summary>Uploads and sends: <paramref name="msgType"/> is image, sticker, file, audio (opus) or media (mp4).</summary>
    /// <param name="durationMs">Length of a voice message or video.</param>
    ActionOutcome SendUpload(string personId, string? chatId, string msgType, string fileName, ReadOnlyMemory<byte> bytes, int? durationMs = null, string? replyTo = null, bool inThread = false);

    /// <summary>One message is forwarded as it is, several of one chat as one merged forward.</summary>
    ActionOutcome Forward(string personId, IReadOnlyList<string> messageIds, string? toChatId);

    ActionOutcome SetPin(string personId, string messageId, bool remove = false);

    /// <summary>Tells the bot of a one-to-one chat to be quiet (230053), or lets it speak again.</summary>
    ActionOutcome MuteBot(string personId, string chatId, bool remove = false);

    ActionOutcome SendImage(string personId, string? chatId, string fileName, ReadOnlyMemory<byte> bytes);

    ActionOutcome SendFile(string personId, string? chatId, string fileName, ReadOnlyMemory<byte> bytes);

    ActionOutcome Edit(string personId, string messageId, string text);

    /// <summary>Uses an interactive part of a card and waits for the bot's answer (3 s at most).</summary>
    Task<ClickResult> ClickAsync(string personId, string messageId, CardClick click, CancellationToken cancellationToken = default);

    /// <summary>Everything in the chat is read now; tells the bots about theirs.</summary>
    ActionOutcome MarkRead(string personId, string chatId);

    /// <summary>Adds the reaction, or takes the person's own one away.</summary>
    ActionOutcome React(string personId, string messageId, string emojiType, bool remove = false);

    ActionOutcome Recall(string personId, string messageId);

    /// <summary>Opens the chat with a bot, making it on the first visit.</summary>
    ActionOutcome OpenChatWithBot(string personId, string appId);

    ActionOutcome CreateGroup(string personId, string name, IReadOnlyCollection<string> people, IReadOnlyCollection<string> appIds);

    ActionOutcome AddBot(string personId, string chatId, string appId);

    ActionOutcome RemoveBot(string personId, string chatId, string appId);

    ActionOutcome AddPerson(string personId, string chatId, string newPersonId);

    /// <summary>Owners and managers only.</summary>
    ActionOutcome RemovePerson(string personId, string chatId, string otherPersonId);

    /// <summary>Takes back an invitation: the bots hear of a withdrawn member, not of a deleted one.</summary>
    ActionOutcome WithdrawInvitation(string personId, string chatId, string otherPersonId);

    ActionOutcome LeaveChat(string personId, string chatId);

    /// <param name="name"><see langword="null"/>: stays; the same for the others.</param>
    ActionOutcome ChangeGroup(string personId, string chatId, string? name, string? description, string? ownerId);

    /// <summary>The owner only.</summary>
    ActionOutcome Disband(string personId, string chatId);
}

/// <param name="Refusal">Why nothing happened, for the person to read; <see langword="null"/> on success.</param>
public sealed record ActionOutcome(string? ChatId = null, string? MessageId = null, LocalizedText? Refusal = null)
{
    public bool Done => Refusal is null;
}

/// <summary>A sentence for a person, in both languages of the client.</summary>
public sealed record LocalizedText(string En, string Zh)
{
    public override string ToString() => En;
}

/// <summary>Which part of a card is used, and with what input. Give any one of the ways to name the part.</summary>
public sealed record CardClick
{
    /// <summary>JSON pointer to the part in the card's JSON as the person sees it, for example <c>/body/elements/2</c>.</summary>
    public string? Path { get; init; }
    public string? Name { get; init; }
    public string? ElementId { get; init; }
    /// <summary>The words on a button.</summary>
    public string? Text { get; init; }
    /// <summary>The part's callback value.</summary>
    public JsonNode? Value { get; init; }
    /// <summary>Narrows the search to one kind: <c>button</c>, <c>select_static</c>…</summary>
    public string? Tag { get; init; }
    /// <summary>The n-th interactive part in reading order, from 0 (after the other filters).</summary>
    public int? Index { get; init; }

    /// <summary>Single select, overflow: the option's value. Pickers: what was picked, for example <c>2026-04-01</c>.</summary>
    public string? Option { get; init; }
    /// <summary>Multi select.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
    public string? InputValue { get; init; }
    public bool? Checked { get; init; }
    /// <summary>Language that the person's client is set to, when it is not the one of their profile: <c>zh_cn</c>, <c>en_us</c>.</summary>
    public string? Locale { get; init; }
    /// <summary>Form submit: what stands in the form's parts, by name.</summary>
    public JsonObject? FormValue { get; init; }
}

/// <summary>A short notice over the person's chat.</summary>
/// <param name="Type">info, success, error or warning.</param>
public sealed record Toast(string Type, string Content);

/// <param name="ErrorCode">The client's error code, for example 200341 when the bot did not answer in 3 s.</param>
/// <param name="Error">The same in words for the person.</param>
/// <param name="OpenUrl">The part opens this page.</param>
public sealed record ClickResult(Toast? Toast = null, int? ErrorCode = null, LocalizedText? Error = null, string? OpenUrl = null, bool CardChanged = false);
