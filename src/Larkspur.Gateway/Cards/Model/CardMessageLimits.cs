namespace Larkspur.Gateway.Cards;

/// <summary>Bounds of a <see cref="CardMessage"/>: what no platform shows anyway is refused; what only one cannot is shortened by its compiler, and said.</summary>
public static class CardMessageLimits
{
    /// <summary>Characters of a label, a title of a question, a placeholder: 100.</summary>
    public const int Label = 100;

    /// <summary>Characters of a title, a footnote, a summary: 500.</summary>
    public const int Line = 500;

    /// <summary>Characters of a text: 20,000.</summary>
    public const int Text = 20_000;

    /// <summary>Characters of a fact's value: 2,000.</summary>
    public const int Value = 2_000;

    /// <summary>Facts: 500.</summary>
    public const int Facts = 500;

    /// <summary>Actions: 30.</summary>
    public const int Actions = 30;

    /// <summary>Inputs: 20.</summary>
    public const int Inputs = 20;

    /// <summary>Options of an input: 100.</summary>
    public const int Options = 100;

    /// <summary>People who may: 200.</summary>
    public const int Allowed = 200;

    /// <summary>Bytes of an action's value: 4,096.</summary>
    public const int ActionValue = 4096;
}
