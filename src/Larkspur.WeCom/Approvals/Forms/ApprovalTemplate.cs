namespace Larkspur.WeCom.Approvals;

/// <summary>A form: its names and its controls, in the order that people see.</summary>
/// <param name="Names">In each language; 40 characters. No two forms of a company have the same.</param>
/// <param name="Controls">Its fields; ids are unique, those of tables included.</param>
public sealed record ApprovalTemplate(IReadOnlyList<LocalizedText> Names, IReadOnlyList<ApprovalControl> Controls)
{
    private const int MostName = 40;
    private const int MostPlaceholder = 80;

    /// <summary>Judges the form as one that is to be made.</summary>
    internal void Judge(ContentProblems problems)
    {
        Texts(problems, "template_name", Names, MostName, required: true);
        if (Controls.Count == 0) problems.Add("controls", "are missing");
        foreach (ApprovalControl control in Controls) Judge(problems, control, inTable: false);
        ApprovalControl[] all = [.. Controls, .. Controls.SelectMany(c => c.Config is TableConfig table ? table.Columns : [])];
        problems.Unique("controls", all.Select(c => c.Id));
        if (all.Count(c => c.Kind is "Vacation" or "Attendance") > 1) problems.Add("controls", "have more than one control of absence");
    }

    private static void Judge(ContentProblems problems, ApprovalControl control, bool inTable)
    {
        string where = $"control {control.Id}";
        if (!control.Id.StartsWith(control.Kind + "-", StringComparison.Ordinal) || !control.Id.AsSpan(Math.Min(control.Id.Length, control.Kind.Length + 1)).ContainsOnlyDigits())
        {
            problems.Add(where, $"must have an id of its kind, a hyphen and digits: {control.Kind}-01");
        }

        Texts(problems, where + ".title", control.Title, MostName, required: true);
        Texts(problems, where + ".placeholder", control.Placeholder, MostPlaceholder, required: false);
        bool fits = control.Kind switch
        {
            "Date" => control.Config is DateConfig or RawConfig,
            "DateRange" => control.Config is DateRangeConfig or RawConfig,
            "Selector" => control.Config is SelectorConfig or RawConfig,
            "Contact" => control.Config is ContactConfig or RawConfig,
            "Table" => !inTable && control.Config is TableConfig or RawConfig,
            _ => control.Config is null or RawConfig,
        };
        if (!fits) problems.Add(where, "does not have the config of its kind");
        if (control.Config is SelectorConfig selector)
        {
            if (selector.Options.Count == 0) problems.Add(where, "has no options");
            problems.Unique(where, selector.Options.Select(o => o.Key));
        }

        if (control.Config is TableConfig { Columns: var columns })
        {
            if (columns.Count == 0) problems.Add(where, "has no columns");
            foreach (ApprovalControl column in columns) Judge(problems, column, inTable: true);
        }
    }

    private static void Texts(ContentProblems problems, string where, IReadOnlyList<LocalizedText> texts, int most, bool required)
    {
        if (required && texts.Count == 0) problems.Add(where, "is missing");
        foreach (LocalizedText text in texts)
        {
            if (text.Text.Length == 0 || text.Text.Length > most) problems.Add(where, $"has {text.Text.Length} characters, and 1 to {most} are taken");
            if (text.Lang is not ("zh_CN" or "en")) problems.Add(where, "has a language other than zh_CN and en");
        }
    }
}

internal static class DigitText
{
    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
