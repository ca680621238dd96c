using System.Collections.Concurrent;
using System.Reflection;

namespace Larkspur.Feishu.Tables;

/// <summary>The name that an enum's value has as an option, when it is not the value's own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class TableOptionAttribute(string name) : Attribute
{
    /// <summary>The option's name in the table.</summary>
    public string Name { get; } = name;
}

/// <summary>Names of enum values as options, both ways.</summary>
internal static class OptionNames
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, Enum>> Known = new();

    public static string Of(Enum value) => By(value.GetType()).FirstOrDefault(option => option.Value.Equals(value)).Key
        ?? throw new ArgumentException($"{value} is no single value of {value.GetType().Name}.");

    public static Enum? Find(Type type, string name) => By(type).GetValueOrDefault(name);

    public static IEnumerable<string> All(Type type) => By(type).Keys;

    private static Dictionary<string, Enum> By(Type type) => Known.GetOrAdd(type, static found => found
        .GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(
            member => member.GetCustomAttribute<TableOptionAttribute>()?.Name ?? member.Name,
            member => (Enum)member.GetValue(null)!,
            StringComparer.Ordinal));
}
