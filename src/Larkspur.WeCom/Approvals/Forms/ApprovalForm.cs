namespace Larkspur.WeCom.Approvals;

/// <summary>What is filled into a form. Made with its template it is judged against it before it is sent; made without, the platform judges (301025).</summary>
/// <param name="template">From <see cref="WeComApprovals.TemplateAsync"/>.</param>
/// <example><code>
/// var form = new ApprovalForm(template).Set("Text-1700000001", new TextValue("办公椅")).Set("Money-1700000002", new MoneyValue(1280.50m));
/// </code></example>
public sealed class ApprovalForm(ApprovalTemplate? template = null)
{
    /// <summary>Files of one approval, over all its controls.</summary>
    public const int MostFiles = 6;

    private readonly List<ApprovalContent> _contents = [];

    /// <summary>What is filled in.</summary>
    public IReadOnlyList<ApprovalContent> Contents => _contents;

    /// <summary>Fills in one control; once more: anew.</summary>
    /// <param name="id">Of the control. Its kind stands before the hyphen, unless the template tells it.</param>
    /// <param name="value">Of the type that the kind has.</param>
    public ApprovalForm Set(string id, ApprovalValue value)
    {
        _contents.RemoveAll(c => c.Id == id);
        _contents.Add(Content(id, value, template?.Controls));
        return this;
    }

    /// <summary>Adds a row to a table.</summary>
    /// <param name="id">Of the table.</param>
    /// <param name="cells">Its controls and what is in them.</param>
    public ApprovalForm AddRow(string id, params IEnumerable<(string Id, ApprovalValue Value)> cells)
    {
        IReadOnlyList<ApprovalControl>? columns = (template?.Controls.FirstOrDefault(c => c.Id == id)?.Config as TableConfig)?.Columns;
        ApprovalContent[] row = [.. cells.Select(c => Content(c.Id, c.Value, columns))];
        IReadOnlyList<IReadOnlyList<ApprovalContent>> before = _contents.Find(c => c.Id == id)?.Value is TableValue table ? table.Rows : [];
        return Set(id, new TableValue([.. before, row]));
    }

    internal void Judge(ContentProblems problems)
    {
        int files = Files(_contents);
        if (files > MostFiles) problems.Add("files", $"are {files}, and {MostFiles} in one approval are taken");
        if (template is not null) FormFit.Judge(problems, template.Controls, _contents);
    }

    private static ApprovalContent Content(string id, ApprovalValue value, IReadOnlyList<ApprovalControl>? controls)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(value);
        return new ApprovalContent(controls?.FirstOrDefault(c => c.Id == id)?.Kind ?? id.Split('-')[0], id, value);
    }

    private static int Files(IEnumerable<ApprovalContent> contents) => contents.Sum(c => c.Value switch
    {
        FilesValue files => files.MediaIds.Count,
        TableValue table => table.Rows.Sum(Files),
        _ => 0,
    });
}

/// <summary>Whether what is filled in fits its form.</summary>
internal static class FormFit
{
    public static void Judge(ContentProblems problems, IReadOnlyList<ApprovalControl> controls, IReadOnlyList<ApprovalContent> contents)
    {
        foreach (ApprovalContent content in contents)
        {
            ApprovalControl? control = controls.FirstOrDefault(c => c.Id == content.Id);
            if (control is null) problems.Add(content.Id, "is no control of the form");
            else Judge(problems, control, content.Value);
        }

        foreach (ApprovalControl control in controls.Where(c => c is { IsRequired: true, Kind: not ("Tips" or "Formula") } && contents.All(f => f.Id != c.Id))) problems.Add(control.Id, "is required");
    }

    private static void Judge(ContentProblems problems, ApprovalControl control, ApprovalValue value)
    {
        bool fits = (control.Kind, value) switch
        {
            (_, RawValue) => true,
            ("Text" or "Textarea", TextValue) or ("Number", NumberValue) or ("Money", MoneyValue) or ("File", FilesValue) or ("Location", LocationValue) or ("RelatedApproval", RelatedApprovalsValue) => true,
            ("Vacation", VacationValue) or ("Attendance", AttendanceValue) or ("PunchCorrection", PunchCorrectionValue) or ("BankAccount", BankAccountValue) or ("Formula", FormulaValue) => true,
            ("Date", DateValue date) => control.Config is not DateConfig config || config.IsDay == date.IsDay,
            ("DateRange", DateRangeValue range) => range.From <= range.To && (control.Config is not DateRangeConfig config || config.IsHalfDay == range.IsHalfDay),
            ("Contact", MembersValue members) => control.Config is not ContactConfig config || (!config.OfDepartments && (config.IsMultiple || members.Members.Count <= 1)),
            ("Contact", DepartmentsValue departments) => control.Config is not ContactConfig config || (config.OfDepartments && (config.IsMultiple || departments.Departments.Count <= 1)),
            ("Selector", SelectorValue selector) => control.Config is not SelectorConfig config || Fits(config, selector),
            ("Table", TableValue) => true,
            _ => false,
        };
        if (!fits) problems.Add(control.Id, $"does not take this {value.GetType().Name}: it is a {control.Kind} with settings of its own");
        if (value is TableValue table && control.Config is TableConfig { Columns: var columns })
        {
            foreach (IReadOnlyList<ApprovalContent> row in table.Rows) Judge(problems, columns, row);
        }
    }

    private static bool Fits(SelectorConfig config, SelectorValue value)
        => config.IsMultiple == value.IsMultiple && (config.IsMultiple || value.Options.Count <= 1) && value.Options.All(o => config.Options.Any(known => known.Key == o.Key));
}
