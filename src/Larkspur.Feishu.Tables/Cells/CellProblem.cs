namespace Larkspur.Feishu.Tables;

/// <summary>Why a cell is not written.</summary>
public enum CellRefusal
{
    /// <summary>The platform refused it; the code and its text say why.</summary>
    Platform,

    /// <summary>The table has no such field, or this app may not see it (1254045).</summary>
    UnknownField,

    /// <summary>The platform computes or keeps the field itself.</summary>
    ReadOnly,

    /// <summary>The value is not of the field's type.</summary>
    WrongType,

    /// <summary>Too many characters (1254130).</summary>
    TooLong,

    /// <summary>Too many options, people, records, files or chats.</summary>
    TooMany,

    /// <summary>The select has no such option; writing it would make one.</summary>
    UnknownOption,

    /// <summary>Digits of the number would be lost: the platform keeps doubles.</summary>
    NumberDoesNotSurvive,

    /// <summary>No number: infinite, or not a number.</summary>
    NotFinite,

    /// <summary>Not a telephone number: digits, with a plus sign before them or none.</summary>
    NotAPhoneNumber,

    /// <summary>Coordinates outside the earth.</summary>
    NotOnEarth,

    /// <summary>Mentions or links of a text would become plain text.</summary>
    MarkupWouldBeLost,
}

/// <summary>A cell that is not written, and why.</summary>
/// <param name="Field">The field's name; null when the platform did not make clear which one it was.</param>
/// <param name="Refusal">Why.</param>
/// <param name="Message">The same in words, for a log or a person.</param>
/// <param name="Code">The platform's code; 0 when it was found before any call.</param>
public sealed record CellProblem(string? Field, CellRefusal Refusal, string Message, int Code = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Field is null ? Message : $"{Field}: {Message}";
}

/// <summary>A value that cannot be written into a field. Found before any call.</summary>
public sealed class TableCellException(CellProblem problem) : ArgumentException(problem.ToString())
{
    /// <summary>What is wrong.</summary>
    public CellProblem Problem { get; } = problem;
}
