namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>Why a card is refused; its text is what the platform puts behind code 230099.</summary>
/// <param name="SubCode">The <c>ErrCode</c> inside the message.</param>
/// <param name="Path">As the platform writes it: <c>ROOT -> body -> elements -> [2](tag: chart)</c>.</param>
internal sealed record CardProblem(int SubCode, string? Path, string Message, string Value)
{
    public CardProblemKind Kind { get; init; }

    /// <summary>JSON pointer of the place, for the preview page.</summary>
    public string Pointer { get; init; } = "";

    /// <summary>Without the code, as the calls of CardKit say it.</summary>
    public string Detail => $"{(Path is null ? "" : $"ErrPath: {Path}; ")}ErrMsg: {Message}; {(Value.Length == 0 ? "" : $"ErrorValue: {Value}; ")}";

    public override string ToString() => $"Failed to create card content, ext=ErrCode: {SubCode}; {Detail}";
}

/// <summary>What CardKit and the message calls answer with codes of their own.</summary>
internal enum CardProblemKind { Other, TooManyElements, DuplicateElementId, TooLarge, ExclusiveV2 }
