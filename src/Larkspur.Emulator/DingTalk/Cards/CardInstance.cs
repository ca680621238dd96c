using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>Where an AI card stands; the numbers are those of its variable <c>flowStatus</c>.</summary>
internal enum AiCardStage { Processing = 1, Inputting = 2, Finished = 3, Executing = 4, Failed = 5 }

/// <summary>One place where a card is shown.</summary>
/// <param name="SpaceType"><c>IM_GROUP</c> or <c>IM_ROBOT</c>.</param>
/// <param name="SpaceId">The group, or the person's userid.</param>
internal sealed record CardPlace(string SpaceType, string SpaceId, string ChatId, string MessageId, string CarrierId);

/// <summary>A card: a template and its variables. Every variable is text. It never changes; a change is a new record of a higher version.</summary>
internal sealed record CardInstance(string OutTrackId, string TemplateId)
{
    /// <summary>The public template of AI cards; its variable <see cref="AiContentKey"/> is Markdown.</summary>
    public const string AiTemplate = "02fcf2f4-5e02-4a85-b672-46d1f715543e.schema";
    public const string AiContentKey = "msgContent";
    public const string FlowStatusKey = "flowStatus";

    /// <summary><c>STREAM</c> or <c>HTTP</c>; without it a click is not told.</summary>
    public string? CallbackType { get; init; }

    /// <summary>Names the registered address of HTTP callbacks.</summary>
    public string? RouteKey { get; init; }

    public ImmutableSortedDictionary<string, string> Data { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What one person sees instead, by userid.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> PrivateData { get; init; } = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    public ImmutableArray<CardPlace> Places { get; init; } = [];

    /// <summary><see langword="null"/> for a card that is no AI card.</summary>
    public AiCardStage? Stage { get; init; }

    /// <summary>The variable that was streamed last.</summary>
    public string? StreamedKey { get; init; }

    /// <summary>Streaming frames that changed it.</summary>
    public int Frames { get; init; }

    /// <summary>Closed by a last frame or an error: no more frames.</summary>
    public bool Finalized { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }

    public long Version { get; init; } = 1;

    /// <summary>As one person sees it.</summary>
    public ImmutableSortedDictionary<string, string> DataFor(string? userId) =>
        userId is not null && PrivateData.TryGetValue(userId, out var own) ? Data.SetItems(own) : Data;

    /// <summary>An AI card's stage follows its variable.</summary>
    public CardInstance WithStageOfData() => Data.TryGetValue(FlowStatusKey, out var text) && int.TryParse(text, out var number) && Enum.IsDefined((AiCardStage)number) ? this with { Stage = (AiCardStage)number } : this;
}
