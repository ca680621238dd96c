using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;

namespace Larkspur.Feishu.ApiGenerator.Names;

/// <summary>One generated value type for a documented set of strings.</summary>
internal sealed class WireEnum
{
    public WireEnum(string ns, string name, IReadOnlyList<string> values)
    {
        Namespace = ns;
        Name = name;
        Values = values;
    }

    public string Namespace { get; }

    public string Name { get; }

    public string FullName => "global::" + Namespace + "." + Name;

    public IReadOnlyList<string> Values { get; }
}

/// <summary>Which documented value sets share a type.</summary>
/// <remarks>
/// Equal sets are one type, named after the field that has it most often. Sets whose most frequent field has the same name and of which one
/// lies within the other are one type too (<c>user_id_type</c> is documented with three values here and four there; the types are open, so
/// nothing is lost, and each property says which values its place accepts). A type that one service-version uses lives there, else in
/// <c>Larkspur.Feishu.Api</c>.
/// </remarks>
internal sealed class WireEnums
{
    private static readonly HashSet<string> VagueNames = new(StringComparer.Ordinal)
    {
        "action", "category", "code", "dimension", "format", "key", "kind", "level", "method", "mode", "name", "operator", "order", "role", "scope", "source", "state", "status",
        "style", "subtype", "text", "type", "unit", "value", "visibility",
    };

    private readonly Dictionary<string, Usage> _usages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WireEnum> _types = new(StringComparer.Ordinal);

    public IEnumerable<WireEnum> All => _types.Values.Distinct();

    public WireEnum Of(Field field) => _types[Key(field)];

    /// <summary>First pass: takes note of a field list and all below.</summary>
    public void Note(IEnumerable<Field> fields, string ns, string owner)
    {
        foreach (var field in fields)
        {
            if (field.IsWireEnum)
            {
                if (!_usages.TryGetValue(Key(field), out var usage)) _usages.Add(Key(field), usage = new Usage(field.Values, _usages.Count));
                usage.Add(field.Name, ns, owner);
            }

            Note(field.Fields, ns, owner);
        }
    }

    /// <summary>Second pass: makes and names the types.</summary>
    public void Settle(Func<string, NameScope> scopeOf)
    {
        var groups = new List<List<Usage>>();
        foreach (var usage in _usages.Values.OrderByDescending(usage => usage.Count).ThenBy(usage => usage.Order))
        {
            var group = VagueNames.Contains(usage.FieldName) ? null
                : groups.FirstOrDefault(other => other[0].FieldName == usage.FieldName && other.Any(member => member.Overlaps(usage)));
            if (group is null) groups.Add(new List<Usage> { usage });
            else group.Add(usage);
        }

        foreach (var group in groups)
        {
            var spaces = group.SelectMany(usage => usage.Namespaces).Distinct().ToArray();
            var ns = spaces.Length == 1 ? spaces[0] : ApiNode.RootNamespace;
            var name = Words.Pascal(group[0].FieldName);
            var owned = group[0].Owner + name;
            var qualified = group[0].Service + owned;
            var candidates = VagueNames.Contains(group[0].FieldName) ? new[] { owned, qualified } : new[] { name, owned, qualified };
            var type = new WireEnum(ns, scopeOf(ns).Take(candidates), group.SelectMany(usage => usage.Values).Distinct().ToArray());
            foreach (var usage in group) _types.Add(usage.Key, type);
        }
    }

    private static string Key(Field field) => string.Join("\n", field.Values.OrderBy(value => value, StringComparer.Ordinal));

    private sealed class Usage
    {
        private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
        private readonly HashSet<string> _values;

        public Usage(string[] values, int order)
        {
            Values = values;
            Order = order;
            _values = new HashSet<string>(values, StringComparer.Ordinal);
            Key = string.Join("\n", values.OrderBy(value => value, StringComparer.Ordinal));
        }

        public string Key { get; }

        public string[] Values { get; }

        public int Order { get; }

        public int Count { get; private set; }

        public string Owner { get; private set; } = "";

        public string Service { get; private set; } = "";

        public HashSet<string> Namespaces { get; } = new(StringComparer.Ordinal);

        public string FieldName => _names.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;

        public void Add(string name, string ns, string owner)
        {
            if (Count++ == 0)
            {
                Owner = owner;
                Service = ns.StartsWith(ApiNode.RootNamespace, StringComparison.Ordinal) ? ns.Substring(ApiNode.RootNamespace.Length + 1).Split('.')[0] : "";
            }

            Namespaces.Add(ns);
            _names[name] = _names.TryGetValue(name, out var count) ? count + 1 : 1;
        }

        public bool Overlaps(Usage other) => _values.IsSubsetOf(other._values) || other._values.IsSubsetOf(_values);
    }
}
