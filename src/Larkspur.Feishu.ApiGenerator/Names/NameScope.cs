using System;
using System.Collections.Generic;

namespace Larkspur.Feishu.ApiGenerator.Names;

/// <summary>
/// Gives out names that are unique in one place (a namespace, a type). The collision rule, everywhere: the candidates in order; if all are
/// taken, the last one with the first free number from 2. What asks first is decided by the order of catalogue ids and fields, so names are
/// the same on every machine and change only when the catalogue does.
/// </summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    public NameScope(params string[] reserved) => _taken.UnionWith(reserved);

    public void Reserve(string name) => _taken.Add(name);

    public string Take(params string[] candidates) => Take(candidates, _ => true);

    /// <param name="candidates">Best first.</param>
    /// <param name="allowed">A further condition.</param>
    public string Take(IReadOnlyList<string> candidates, Func<string, bool> allowed)
    {
        foreach (var candidate in candidates)
            if (allowed(candidate) && _taken.Add(candidate)) return candidate;

        for (var number = 2; ; number++)
        {
            var name = candidates[candidates.Count - 1] + number;
            if (allowed(name) && _taken.Add(name)) return name;
        }
    }
}
