using System.Collections;
using System.Reflection;
using Larkspur.Gateway.Common.Secrets;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Common;

/// <summary>Options of a room, read from one section of the settings.</summary>
internal interface ISectionOptions
{
    /// <summary><c>Larkspur:Outbox</c>…</summary>
    static abstract string Section { get; }

    /// <summary>What is wrong, each sentence with its setting's name.</summary>
    IEnumerable<string> Problems() => [];
}

/// <summary>Reads the rooms' options and collects what is wrong with them, so that the start names all of it at once.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const string Root = "Larkspur";

    private readonly HashSet<string> _sections = new(StringComparer.OrdinalIgnoreCase);

    public IConfiguration Configuration { get; } = configuration;

    /// <summary>What was found so far; rooms add what only they can judge.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>
    /// Reads options. Where they have problems they are given all the same, and the start ends at <see cref="ThrowIfWrong"/>.
    /// </summary>
    /// <param name="complete">Adds what other settings say, before it is judged.</param>
    public T Read<T>(Action<T>? complete = null) where T : class, ISectionOptions, new()
    {
        _sections.Add(T.Section.Split(':')[1]);
        var section = Configuration.GetSection(T.Section);
        var options = new T();
        FindUnknown(section, typeof(T));
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            Problems.Add($"{T.Section}: {e.Message}");
            return options;
        }

        complete?.Invoke(options);
        Problems.AddRange(options.Problems());
        return options;
    }

    /// <summary>Sections that are read in another way.</summary>
    public void Know(params ReadOnlySpan<string> sections)
    {
        foreach (var section in sections) _sections.Add(section);
    }

    /// <summary>A section that is read by name: what else stands in it is refused.</summary>
    public void KnowNames(string section, params string[] names)
    {
        foreach (var child in Configuration.GetSection(section).GetChildren())
        {
            var name = SecretNames.OfFile(child.Path) is { } secret ? secret[(secret.LastIndexOf(':') + 1)..] : child.Key;
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) Problems.Add(Unknown(child, names));
        }
    }

    /// <summary>The same for each entry of a section of named things.</summary>
    public void KnowNamesOfEach(string section, params string[] names)
    {
        foreach (var entry in Configuration.GetSection(section).GetChildren()) KnowNames(entry.Path, names);
    }

    /// <exception cref="SettingsException">With everything that was found.</exception>
    public void ThrowIfWrong()
    {
        foreach (var section in Configuration.GetSection(Root).GetChildren().Where(s => !_sections.Contains(s.Key)))
            Problems.Add(Unknown(section, _sections));
        if (Problems.Count > 0) throw new SettingsException([.. Problems.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>A setting that nobody reads is a typo, and would change nothing in silence.</summary>
    private void FindUnknown(IConfigurationSection section, Type type)
    {
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            // A secret may come from a file, which a setting of its own names.
            var name = SecretNames.OfFile(child.Path) is { } secret ? secret[(secret.LastIndexOf(':') + 1)..] : child.Key;
            if (!known.TryGetValue(name, out var property)) Problems.Add(Unknown(child, known.Keys));
            else if (IsOwn(property.PropertyType)) FindUnknown(child, property.PropertyType);
            else if (EntryOf(property.PropertyType) is { } entry && IsOwn(entry))
                foreach (var one in child.GetChildren()) FindUnknown(one, entry);
        }
    }

    private static string Unknown(IConfigurationSection setting, IReadOnlyCollection<string> names)
    {
        var above = setting.Path[..^setting.Key.Length];
        var meant = Spelling.Nearest(setting.Key, names) is { } near
            ? $"Did you mean {above}{near}?" : $"There are: {string.Join(", ", names.Order(StringComparer.Ordinal))}";
        return $"{setting.Path}: there is no such setting. {meant}";
    }

    /// <summary>A class of options, not a value.</summary>
    private static bool IsOwn(Type type) =>
        type is { IsClass: true, IsArray: false } && type.Namespace?.StartsWith("Larkspur", StringComparison.Ordinal) == true;

    /// <summary>What a list or a dictionary holds; null: it is neither.</summary>
    private static Type? EntryOf(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;
}
