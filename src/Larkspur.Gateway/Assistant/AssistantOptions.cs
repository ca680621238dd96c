using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Assistant;

/// <summary>The assistant. Section <c>Larkspur:Assistant</c>; without a backend there is none.</summary>
public sealed class AssistantOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Assistant";

    /// <summary>The name of the backend that <c>DIFY_BASE_URL</c> and <c>DIFY_API_KEY</c> make.</summary>
    public const string DefaultBackend = "default";

    /// <summary>Backends by name. <c>DIFY_API_KEY</c> adds one called <c>default</c>.</summary>
    public Dictionary<string, BackendOptions> Backends { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rules, the first that fits counts. What fits none goes to the backend <c>default</c>, else to the first.</summary>
    public List<RouteOptions> Routes { get; set; } = [];

    /// <summary>Kinds of personal data that are masked where a route says nothing of its own: <c>mobile,id_card,bank_card,email</c>, or <c>none</c> (default).</summary>
    public string Masking { get; set; } = "none";

    /// <summary>Own things to mask, under names that <see cref="Masking"/> may give.</summary>
    public List<CustomMaskOptions> CustomMasks { get; set; } = [];

    /// <summary>How long a conversation goes on without a word. Default 7 days; from a minute to a year.</summary>
    public TimeSpan ConversationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Longest answer, from the asking of the backend on. Default 10 min; from 1 s to an hour.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Questions of one person that may wait for their answer at once. Default 3.</summary>
    public int MaxPerPerson { get; set; } = 3;

    /// <summary>Questions of all that may wait for their answer at once. Default 2,000.</summary>
    public int MaxInAll { get; set; } = 2000;

    /// <summary>Answers that one process writes at once. Default 500.</summary>
    public int Parallelism { get; set; } = 500;

    /// <summary>Longest question, in characters; what is longer is refused. Default 8,000.</summary>
    public int MaxQuestion { get; set; } = 8000;

    /// <summary>Files of one question that are read; what comes beyond is named in a note. Default 5; from 0 (none) to 20.</summary>
    public int MaxFiles { get; set; } = 5;

    /// <summary>Most bytes of one of them. Default 15 MiB; to 100 MiB.</summary>
    public long MaxFileBytes { get; set; } = 15 << 20;

    /// <summary>Time for reading the files of one question. Default 1 min; from 1 s to 10 min.</summary>
    public TimeSpan FileTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long pictures and files that were sent without a word wait for the question about them. Default 5 min; to an hour; zero:
    /// they are a question at once.
    /// </summary>
    public TimeSpan FileWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Failures of a backend within half a minute after which it is left alone. Default 5.</summary>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>How long it is left alone. Default 30 s; from 0.5 s.</summary>
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        const string Section = "Larkspur:Assistant:";
        if (ConversationLifetime < TimeSpan.FromMinutes(1) || ConversationLifetime > TimeSpan.FromDays(366)) yield return Section + "ConversationLifetime: from 00:01:00 to 366 days";
        if (AnswerTimeout < TimeSpan.FromSeconds(1) || AnswerTimeout > TimeSpan.FromHours(1)) yield return Section + "AnswerTimeout: from 00:00:01 to 01:00:00";
        if (MaxPerPerson is < 1 or > 1000) yield return Section + "MaxPerPerson: from 1 to 1000";
        if (MaxInAll is < 1 or > 1_000_000) yield return Section + "MaxInAll: from 1 to 1000000";
        if (Parallelism is < 1 or > 10_000) yield return Section + "Parallelism: from 1 to 10000";
        if (MaxQuestion is < 100 or > 200_000) yield return Section + "MaxQuestion: from 100 to 200000";
        if (MaxFiles is < 0 or > 20) yield return Section + "MaxFiles: from 0 to 20";
        if (MaxFileBytes is < 1024 or > 100 << 20) yield return Section + "MaxFileBytes: from 1024 to 104857600";
        if (FileTimeout < TimeSpan.FromSeconds(1) || FileTimeout > TimeSpan.FromMinutes(10)) yield return Section + "FileTimeout: from 00:00:01 to 00:10:00";
        if (FileWait < TimeSpan.Zero || FileWait > TimeSpan.FromHours(1))
            yield return Section + "FileWait: from 00:00:00 (they do not wait) to 01:00:00";
        if (BreakerFailures is < 2 or > 1000) yield return Section + "BreakerFailures: from 2 to 1000";
        if (BreakerPause < TimeSpan.FromMilliseconds(500) || BreakerPause > TimeSpan.FromHours(1)) yield return Section + "BreakerPause: from 00:00:00.5 to 01:00:00";
        foreach (var (name, backend) in Backends)
        {
            foreach (var problem in backend.Problems($"{Section}Backends:{name}:", this)) yield return problem;
        }

        for (var i = 0; i < Routes.Count; i++)
        {
            foreach (var problem in Routes[i].Problems($"{Section}Routes:{i}:", this)) yield return problem;
        }

        foreach (var same in Routes.GroupBy(r => r.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Key.Length > 0 && g.Count() > 1))
            yield return $"{Section}Routes: {same.Count()} routes are called {same.Key}; conversations are kept by the name";
    }
}

/// <summary>Something of one's own that is masked.</summary>
public sealed class CustomMaskOptions
{
    /// <summary>By which <c>Masking</c> names it.</summary>
    public string Name { get; set; } = "";

    /// <summary>A regular expression without look-around and back-references; null: <see cref="Words"/>.</summary>
    public string? Pattern { get; set; }

    /// <summary>Words that are masked wherever they stand.</summary>
    public List<string> Words { get; set; } = [];

    /// <summary>What stands in its place. Default <c>[masked]</c>.</summary>
    public string Replacement { get; set; } = "[masked]";
}
