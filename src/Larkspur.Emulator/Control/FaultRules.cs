using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Control;

public enum FaultKind
{
    /// <summary>Answer with <see cref="FaultRule.Status"/> instead of doing anything.</summary>
    Status,
    /// <summary>Wait, then go on as usual.</summary>
    Delay,
    /// <summary>Do it, then break the connection instead of answering.</summary>
    Drop,
    /// <summary>Break the connection at once.</summary>
    Refuse,
    /// <summary>Push the event twice, in the second event under another id when <see cref="FaultRule.NewId"/> says so.</summary>
    Duplicate,
    /// <summary>Push the event after the next one of its chat.</summary>
    Reorder,
}

/// <summary>Something that goes wrong on purpose.</summary>
public sealed record FaultRule
{
    public required string Id { get; init; }
    /// <summary>API path (or event type, for pushes); <c>*</c> stands for anything.</summary>
    public required string Path { get; init; }
    public string? Method { get; init; }
    public required FaultKind Kind { get; init; }
    public int Status { get; init; }
    public long? Code { get; init; }
    public TimeSpan Delay { get; init; }
    /// <summary>A duplicate is an event of its own about the same thing, as the platform sends one now and then; it goes out beside the first.</summary>
    public bool NewId { get; init; }
    /// <summary>Chance from 0 to 1 that a matching call is hit.</summary>
    public double Rate { get; init; } = 1;
    /// <summary>How many more times it hits; <see langword="null"/>: without end.</summary>
    public int? Remaining { get; init; }
    public int Hits { get; init; }

    public bool OnEvents => Kind is FaultKind.Duplicate or FaultKind.Reorder;
}

/// <summary>The rules in force. The first that matches and wins its dice applies.</summary>
public sealed class FaultRules(EmulatorSettings settings) : IResettableState
{
    public const int MostRules = 100;

    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];
    private readonly Dictionary<string, Regex> _patterns = [];
    private readonly Random _dice = settings.Seed is { } seed ? new Random(seed) : new Random();
    private int _numbers;

    public IReadOnlyList<FaultRule> All { get { lock (_gate) return [.. _rules]; } }

    public string NextId() => "fault-" + Interlocked.Increment(ref _numbers);

    public bool Add(FaultRule rule)
    {
        lock (_gate)
        {
            if (_rules.Count >= MostRules) return false;
            _rules.Add(rule);
            _patterns[rule.Id] = Pattern(rule.Path);
            return true;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
        {
            _patterns.Remove(id);
            return _rules.RemoveAll(r => r.Id == id) > 0;
        }
    }

    void IResettableState.Reset() => Clear();

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            _patterns.Clear();
        }
    }

    public FaultRule? ForCall(string method, string path) => Hit(path, r => !r.OnEvents && (r.Method is null || r.Method == method));

    public FaultRule? ForEvent(string type) => Hit(type, r => r.OnEvents);

    private FaultRule? Hit(string text, Func<FaultRule, bool> concerns)
    {
        lock (_gate)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var rule = _rules[i];
                if (rule.Remaining <= 0 || !concerns(rule) || !_patterns[rule.Id].IsMatch(text) || _dice.NextDouble() >= rule.Rate) continue;
                return _rules[i] = rule with { Remaining = rule.Remaining - 1, Hits = rule.Hits + 1 };
            }
        }

        return null;
    }

    /// <summary><c>*</c> is any run of characters; <c>{name}</c> and <c>:name</c> are one segment, as the platform's reference writes them.</summary>
    private static Regex Pattern(string path) => path is "*"
        ? new Regex("")
        : new Regex("^" + string.Join('/', path.Split('/').Select(Segment)) + "$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string Segment(string pattern) =>
        pattern is [':', _, ..] or ['{', .., '}'] ? "[^/]+" : Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal);
}
