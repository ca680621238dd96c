namespace Larkspur.DingTalk.Workflow;

/// <summary>A template to make or to change.</summary>
/// <remarks>Source: 02/0491, 02/0510. At most 200 templates an organisation, 200 components a template, those in tables counted too (that they count is UNVERIFIED).</remarks>
public sealed record FormTemplate
{
    /// <summary>Its name, at most 200 characters, no two alike in an organisation.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, at most 300 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Its fields from top to bottom.</summary>
    public required IReadOnlyList<FormComponent> Components { get; init; }

    /// <summary>Further settings (<c>templateConfig</c>): <c>hidden</c>, <c>disableDeleteProcess</c>, <c>disableFormEdit</c>, <c>disableResubmit</c>, …; null: none.</summary>
    public IReadOnlyDictionary<string, object>? Settings { get; init; }

    internal Dictionary<string, object?> Wire(string? processCode)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 200) throw new ArgumentException("A template's name has 1 to 200 characters.");
        if (Description?.Length > 300) throw new ArgumentException("A template's description has at most 300 characters.");
        if (Components.Count == 0 || Components.Sum(static c => c.Count) > 200) throw new ArgumentException("A template has 1 to 200 components.");
        return new Dictionary<string, object?>
        {
            ["processCode"] = processCode, ["name"] = Name, ["description"] = Description, ["formComponents"] = Components.Select(static c => c.Wire()).ToArray(), ["templateConfig"] = Settings,
        }.Where(static p => p.Value is not null).ToDictionary();
    }
}

/// <summary>A field of a template.</summary>
/// <param name="Type"><c>TextField</c>, <c>MoneyField</c>, <c>DDAttachment</c>, …</param>
/// <param name="Label">What people read beside it; by it values are given. Of a <c>TextNote</c>, its text.</param>
public sealed record FormComponent(string Type, string Label)
{
    /// <summary>Its id in the template; null: the platform's choice. Give one where you change templates: a field with another id is another field.</summary>
    public string? Id { get; init; }

    /// <summary>Nobody submits without it.</summary>
    public bool Required { get; init; }

    /// <summary>Further properties by their names on the wire: <c>placeholder</c>, <c>unit</c>, <c>format</c>, <c>bizAlias</c>, …</summary>
    public IReadOnlyDictionary<string, object> Properties { get; init; } = new Dictionary<string, object>();

    /// <summary>The columns of a table.</summary>
    public IReadOnlyList<FormComponent> Children { get; init; } = [];

    /// <summary>This one and those in it.</summary>
    internal int Count => 1 + Children.Sum(static c => c.Count);

    /// <summary>One line.</summary>
    public static FormComponent Text(string label) => new("TextField", label);

    /// <summary>Several lines.</summary>
    public static FormComponent TextArea(string label) => new("TextareaField", label);

    /// <summary>A number.</summary>
    /// <param name="label">Label.</param>
    /// <param name="unit">What stands behind it.</param>
    public static FormComponent Number(string label, string? unit = null) => new("NumberField", label) { Properties = unit is null ? new Dictionary<string, object>() : new() { ["unit"] = unit } };

    /// <summary>An amount of money.</summary>
    public static FormComponent Money(string label) => new("MoneyField", label);

    /// <summary>A day (<c>yyyy-MM-dd</c>).</summary>
    public static FormComponent Date(string label) => new("DDDateField", label) { Properties = new Dictionary<string, object> { ["unit"] = "天", ["format"] = "yyyy-MM-dd" } };

    /// <summary>One of several, or any of them.</summary>
    public static FormComponent Choice(string label, IEnumerable<string> options, bool many = false) => new(many ? "DDMultiSelectField" : "DDSelectField", label)
    {
        Properties = new Dictionary<string, object> { ["options"] = options.Select(static (o, i) => new { key = $"option_{i}", value = o }).ToArray() },
    };

    /// <summary>Files; a value is made by <see cref="ApprovalAttachment.FieldValue"/>.</summary>
    public static FormComponent Files(string label) => new("DDAttachment", label);

    /// <summary>Rows of the same columns.</summary>
    public static FormComponent Table(string label, params IReadOnlyList<FormComponent> columns) => new("TableField", label) { Children = columns };

    internal object Wire()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Type);
        ArgumentException.ThrowIfNullOrWhiteSpace(Label);
        var props = new Dictionary<string, object>(Properties, StringComparer.Ordinal) { [Type == "TextNote" ? "content" : "label"] = Label };
        if (Id is not null) props["componentId"] = Id;
        if (Required) props["required"] = true;
        return Children.Count == 0 ? new { componentType = Type, props } : new { componentType = Type, props, children = Children.Select(static c => c.Wire()).ToArray() };
    }
}
