using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Messages;

/// <summary>A message was taken. That is not "everybody has it": look at the invalid recipients.</summary>
/// <remarks>Ids come back in lower case. More than 30 a minute or 1,000 an hour to one member are dropped without a word, whatever this says.</remarks>
public sealed record SentMessage
{
    /// <summary>For recalling it, 24 hours.</summary>
    [JsonPropertyName("msgid")]
    public string MessageId { get; init; } = "";

    /// <summary>For one update of the card within 72 hours; null for what cannot be updated. Secret while it lives.</summary>
    public string? ResponseCode { get; init; }

    /// <summary>Who did not get it: unknown, or outside of the visible range.</summary>
    [JsonPropertyName("invaliduser")]
    public WeComIds InvalidUsers { get; init; } = WeComIds.Empty;

    /// <summary>Departments that did not get it.</summary>
    [JsonPropertyName("invalidparty")]
    public WeComIds InvalidDepartments { get; init; } = WeComIds.Empty;

    /// <summary>Tags that did not get it.</summary>
    [JsonPropertyName("invalidtag")]
    public WeComIds InvalidTags { get; init; } = WeComIds.Empty;

    /// <summary>Who has no licence for the app.</summary>
    [JsonPropertyName("unlicenseduser")]
    public WeComIds UnlicensedUsers { get; init; } = WeComIds.Empty;

    /// <summary>Everybody asked for was reached.</summary>
    [JsonIgnore]
    public bool ReachedAll => InvalidUsers.Count + InvalidDepartments.Count + InvalidTags.Count + UnlicensedUsers.Count == 0;

    /// <summary>Without the response code.</summary>
    public override string ToString() => $"message {MessageId}, {InvalidUsers.Count + UnlicensedUsers.Count} people not reached";
}

/// <summary>A card was updated, except for these.</summary>
public sealed record UpdatedCard
{
    /// <summary>Whose card was not.</summary>
    [JsonPropertyName("invaliduser")]
    public WeComIds InvalidUsers { get; init; } = WeComIds.Empty;
}
