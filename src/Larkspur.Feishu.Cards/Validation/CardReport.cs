namespace Larkspur.Feishu.Cards;

/// <summary>What <see cref="CardValidator"/> found in a card.</summary>
public sealed class CardReport
{
    internal CardReport(CardForm form, IReadOnlyList<CardFinding> findings, bool isComplete, int bytes, int elements) =>
        (Form, Findings, IsComplete, Bytes, Elements) = (form, findings, isComplete, bytes, elements);

    /// <summary>No finding is an error. Warnings do not stop a card.</summary>
    public bool IsValid => Errors == 0;

    /// <summary>The faults, in the order of the card's text, the ones about the whole card last.</summary>
    public IReadOnlyList<CardFinding> Findings { get; }

    /// <summary>How many findings are errors.</summary>
    public int Errors => Findings.Count(f => f.Severity == CardSeverity.Error);

    /// <summary>False when there were more findings than <see cref="CardValidationOptions.MaxFindings"/>.</summary>
    public bool IsComplete { get; }

    /// <summary>Which of the four forms the content has.</summary>
    public CardForm Form { get; }

    /// <summary>Size in UTF-8.</summary>
    public int Bytes { get; }

    /// <summary>Elements and components that count towards the limit of JSON 2.0; 0 for templates and entities.</summary>
    public int Elements { get; }

    /// <summary>All findings, a line each; "no findings" when there are none.</summary>
    public override string ToString() => Findings.Count == 0 ? "no findings" : string.Join('\n', Findings);
}

/// <summary>What the content of an interactive message may be.</summary>
public enum CardForm
{
    /// <summary>None of them.</summary>
    Unknown,

    /// <summary>Card JSON 1.0.</summary>
    V1,

    /// <summary>Card JSON 2.0.</summary>
    V2,

    /// <summary>A template of the card builder, with variables.</summary>
    Template,

    /// <summary>A card entity of CardKit.</summary>
    Entity,
}
