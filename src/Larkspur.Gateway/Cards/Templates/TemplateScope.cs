namespace Larkspur.Gateway.Cards;

/// <summary>The names that a placeholder may use: the variables, and the fields of the lists that are being repeated (<c>line.amount</c>).</summary>
internal sealed class TemplateScope
{
    private readonly Dictionary<string, TemplateVariable> _variables;
    private readonly Dictionary<string, TemplateValue> _values;

    public TemplateScope(IReadOnlyList<TemplateVariable> variables, IReadOnlyDictionary<string, TemplateValue> values)
    {
        _variables = variables.ToDictionary(v => v.Name, StringComparer.Ordinal);
        _values = new Dictionary<string, TemplateValue>(values, StringComparer.Ordinal);
    }

    private TemplateScope(TemplateScope outer) => (_variables, _values) = (new(outer._variables, StringComparer.Ordinal), new(outer._values, StringComparer.Ordinal));

    public TemplateVariable? Find(string name) => _variables.GetValueOrDefault(name);

    /// <summary>The value, or null: it was not given.</summary>
    public TemplateValue? Value(string name) => _values.GetValueOrDefault(name);

    /// <summary>The same names, and the fields of one item.</summary>
    public TemplateScope With(string alias, IReadOnlyList<TemplateVariable> fields, IReadOnlyDictionary<string, TemplateValue> item)
    {
        var inside = new TemplateScope(this);
        foreach (var field in fields)
        {
            var name = $"{alias}.{field.Name}";
            inside._variables[name] = field;
            inside._values.Remove(name);
            if (item.TryGetValue(field.Name, out var value)) inside._values[name] = value;
        }

        return inside;
    }
}
