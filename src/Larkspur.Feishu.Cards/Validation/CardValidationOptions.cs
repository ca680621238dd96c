namespace Larkspur.Feishu.Cards;

/// <summary>What the validator is told about the card's use. The default fits a message of an app's bot.</summary>
public sealed record CardValidationOptions
{
    /// <summary>The card goes to a custom bot of a group (webhook): 20 KB in place of 30 KB, and no callbacks, since there is no app to take them.</summary>
    public bool ForCustomBot { get; init; }

    /// <summary>The card will be changed later by message id: it must be shared (<c>update_multi</c>), which JSON 1.0 is not by default.</summary>
    public bool WillBeUpdated { get; init; }

    /// <summary>The card becomes an entity of CardKit: JSON 2.0 only.</summary>
    public bool ForEntity { get; init; }

    /// <summary>The keys of images that were uploaded by this app; when given, any other key is an error. Null: only the form of keys is judged.</summary>
    public IReadOnlySet<string>? KnownImageKeys { get; init; }

    /// <summary>Largest card in bytes of UTF-8. Null: what the platform documents for the use (30,720, or 20,480 for a custom bot).</summary>
    public int? MaxBytes { get; init; }

    /// <summary>Findings after which the validator stops looking; at least 1.</summary>
    public int MaxFindings { get; init; } = 100;
}
