using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Tables.Open;

namespace Larkspur.Gateway.Tables.Cells;

/// <summary>Why a value does not go into its cell, or a row into its table.</summary>
/// <param name="Reason">A word for programs.</param>
/// <param name="Text">For people.</param>
/// <param name="Code">The platform's code; 0: it was found before any call.</param>
internal sealed record CellFault(string Reason, LocalText Text, int Code = 0)
{
    public static CellFault UnknownField(string name, IEnumerable<TableField> fields) => new("unknown_field", Names.Field(name, fields));

    public static CellFault UnknownOption(string name, TableField field) => new("unknown_option", Names.Option(name, field));

    /// <summary>The value is none of the field's type.</summary>
    public static CellFault WrongType(TableField field) =>
        new("wrong_type", TablesTexts.FindTakes(Names.Of(field.Type)) ?? TablesTexts.ReadOnly);

    /// <summary>What the SDK or the platform found.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="field">Its field; null: nobody knows which.</param>
    public static CellFault Of(CellProblem problem, TableField? field) => problem.Refusal switch
    {
        CellRefusal.Platform when TablesTexts.FindPlatform($"{problem.Code}") is { } known => new("refused", known, problem.Code),
        CellRefusal.Platform => new("refused", TablesTexts.PlatformRefused(problem.Message), problem.Code),
        CellRefusal.UnknownField => new("unknown_field", TablesTexts.FieldGone, problem.Code),
        CellRefusal.WrongType when field is not null => WrongType(field),
        var refusal => new(WordOf(refusal), TablesTexts.FindCell(WordOf(refusal)) ?? LocalText.From(problem.Message), problem.Code),
    };

    private static string WordOf(CellRefusal refusal) => refusal switch
    {
        CellRefusal.ReadOnly => "read_only",
        CellRefusal.TooLong => "too_long",
        CellRefusal.TooMany => "too_many",
        CellRefusal.UnknownOption => "unknown_option",
        CellRefusal.NumberDoesNotSurvive => "number_not_exact",
        CellRefusal.NotFinite => "not_finite",
        CellRefusal.NotAPhoneNumber => "bad_phone",
        CellRefusal.NotOnEarth => "not_on_earth",
        CellRefusal.MarkupWouldBeLost => "markup_lost",
        _ => "wrong_type",
    };
}
