using System.Text.Json.Serialization;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api;

/// <summary>A refusal or failure (RFC 9457), as <c>application/problem+json</c>. Members that are not known are absent.</summary>
internal sealed record Problem
{
    public const string ContentType = "application/problem+json";
    private const string TypePrefix = "urn:larkspur:problem:";

    /// <summary><c>urn:larkspur:problem:</c> and the word of <c>error</c>.</summary>
    [JsonPropertyOrder(-4)]
    public required string Type { get; init; }

    /// <summary>The kind of problem, for people; in Chinese where Accept-Language prefers it.</summary>
    [JsonPropertyOrder(-3)]
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [JsonPropertyOrder(-2)]
    public required int Status { get; init; }

    /// <summary>This problem, for people, in the language of <c>title</c>; where the platform refused, its own words.</summary>
    [JsonPropertyOrder(-1)]
    public string? Detail { get; init; }

    /// <summary>A word that programs can rely on.</summary>
    public required string Error { get; init; }

    /// <summary>What is wrong, for people.</summary>
    public required string Message { get; init; }

    /// <summary>The same in Chinese.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MessageZh { get; init; }

    /// <summary>The field, as a JSON pointer into the body; <c>?name</c>: of the address; <c>/{name}</c>: in the path.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pointer { get; init; }

    /// <summary>The scope that the key lacks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The platform's code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Code { get; init; }

    /// <summary>The platform's id of the call, for its support.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    /// <summary>Permissions of which the app needs one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? MissingScopes { get; init; }

    /// <summary>True: the call may have had its effect although no answer came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? EffectUnknown { get; init; }

    /// <summary>What the card's validation found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CardFindingView>? Findings { get; init; }

    /// <summary>Finds the log lines of a failure of the gateway's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>When the caller may come again: told in the header Retry-After.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same for who reads Chinese: headline and detail; what the platform itself said stays in its words.</summary>
    public Problem InChinese()
    {
        var sentence = MessageZh ?? ProblemCatalogue.GeneralChinese(Error, Status);
        return this with { Title = ProblemCatalogue.ChineseTitle(Error, Status), MessageZh = sentence, Detail = Detail ?? sentence };
    }

    /// <summary>A problem, told in the catalogue's sentence or in one of its own.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="word">For programs.</param>
    /// <param name="sentence">In English; null: the catalogue's.</param>
    /// <param name="chinese">The same in Chinese; null: the catalogue's, where the word always says the same.</param>
    public static Problem Of(int status, string word, string? sentence = null, string? chinese = null)
    {
        var known = ProblemCatalogue.Sentence(word, status);
        return new Problem
        {
            Type = TypePrefix + word, Title = ProblemCatalogue.Title(word), Status = status, Error = word,
            Message = sentence ?? known.English,
            MessageZh = chinese ?? (sentence is null || ProblemCatalogue.IsGeneral(word) ? known.Chinese : null),
        };
    }

    /// <summary>What an endpoint refuses.</summary>
    public static Problem Of(RequestRefusedException refused) =>
        Of(refused.Status, refused.Word, refused.Sentence, refused.Chinese) with { Pointer = refused.Pointer, Findings = refused.Findings };
}
