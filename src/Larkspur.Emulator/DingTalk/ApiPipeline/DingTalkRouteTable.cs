namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>Finds the API of a method and path; fixed segments come before <c>{name}</c>.</summary>
internal sealed class DingTalkRouteTable
{
    private readonly Dictionary<string, DingTalkRoute> _exact = new(StringComparer.Ordinal);
    private readonly List<(DingTalkRoute Route, string[] Segments)> _patterns = [];

    public DingTalkRouteTable(IEnumerable<DingTalkRoute> routes)
    {
        foreach (var route in routes)
        {
            if (route.Path.Contains('{', StringComparison.Ordinal)) _patterns.Add((route, route.Path.Split('/')));
            else _exact.Add(route.Method + " " + route.Path, route);
        }
    }

    public IEnumerable<DingTalkRoute> All => _exact.Values.Concat(_patterns.Select(p => p.Route));

    public (DingTalkRoute Route, IReadOnlyDictionary<string, string> Path)? Find(string method, string path)
    {
        if (_exact.TryGetValue(method + " " + path, out var exact)) return (exact, new Dictionary<string, string>());
        var given = path.Split('/');
        foreach (var (route, segments) in _patterns)
        {
            if (route.Method != method || segments.Length != given.Length) continue;
            var values = new Dictionary<string, string>();
            for (var i = 0; i < segments.Length; i++)
            {
                if (segments[i] is ['{', .. var name, '}'] && given[i].Length > 0) values[name] = given[i];
                else if (segments[i] != given[i]) goto next;
            }

            return (route, values);
            next: ;
        }

        return null;
    }
}
