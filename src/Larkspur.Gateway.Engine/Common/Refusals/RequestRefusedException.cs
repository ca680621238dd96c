using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Common.Refusals;

/// <summary>A request that is not carried out; nothing was queued and nothing was called.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="word">For programs.</param>
/// <param name="pointer">The field, as a JSON pointer into the body, or <c>?name</c> for one of the address; null: no single one.</param>
/// <param name="sentence">For people; null: what the catalogue says of the word.</param>
internal sealed class RequestRefusedException(int status, string word, string? pointer = null, string? sentence = null)
    : Exception(sentence ?? word)
{
    public int Status { get; } = status;

    public string Word { get; } = word;

    public string? Pointer { get; } = pointer;

    /// <summary>For people, in English; null: what the catalogue says of the word.</summary>
    public string? Sentence { get; } = sentence;

    /// <summary>The same in Chinese, where it is told too.</summary>
    public string? Chinese { get; init; }

    /// <summary>What a card's validation found.</summary>
    public IReadOnlyList<CardFindingView>? Findings { get; init; }

    /// <summary>The request itself is malformed.</summary>
    public static RequestRefusedException Malformed(string word, string? pointer = null, string? sentence = null) =>
        new(StatusCodes.Status400BadRequest, word, pointer, sentence);

    /// <summary>The request itself is malformed, said in both languages.</summary>
    public static RequestRefusedException Malformed(string word, string pointer, LocalText text) =>
        new(StatusCodes.Status400BadRequest, word, pointer, text.English) { Chinese = text.Chinese };

    /// <summary>The request can be read, and asks for something that cannot be.</summary>
    public static RequestRefusedException Impossible(string word, string? pointer, string sentence) =>
        new(StatusCodes.Status422UnprocessableEntity, word, pointer, sentence);

    /// <summary>The same, said in both languages.</summary>
    public static RequestRefusedException Impossible(string word, string pointer, LocalText text) =>
        new(StatusCodes.Status422UnprocessableEntity, word, pointer, text.English) { Chinese = text.Chinese };

    /// <summary>For this caller there is no such thing.</summary>
    public static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found");

    /// <summary>It cannot be done with the thing as it stands.</summary>
    public static RequestRefusedException Conflict(string word) => new(StatusCodes.Status409Conflict, word);
}

/// <summary>Something that is wrong with a card, or might be.</summary>
/// <param name="Pointer">Where, as a JSON pointer into the card.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What helps.</param>
internal sealed record CardFindingView(string Pointer, string Rule, string Severity, string Message, string Fix);
