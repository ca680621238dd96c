using System.Globalization;

namespace Larkspur.Emulator.Dify;

/// <summary>
/// What the scripted apps say. The demo's plays <see cref="DemoScript"/>; the others echo: their answer shows what it was made of, the
/// question, its place in the conversation and its files, so that a test sees what arrived.
/// </summary>
internal static class DifyAnswers
{
    private const int Piece = 6;
    private static readonly string[] SuggestedInChinese = ["明年的预算是多少？", "谁来审批？"];
    private static readonly string[] SuggestedInEnglish = ["What is next year's budget?", "Who approves it?"];
    private static readonly DemoScript.Source Budget = new("财务制度", "2026 年预算.xlsx", "办公用品：年度 48,000 元，已用 36,000 元。");

    /// <summary>The answer to a message.</summary>
    /// <param name="app">Who answers.</param>
    /// <param name="messages">The conversation up to the message, which is the last.</param>
    public static string To(DifyApp app, IReadOnlyList<DifyMessage> messages) =>
        app.PlaysDemo ? DemoScript.Answer(messages) : Echo(messages[^1].Query, messages.Count, messages[^1].Files.Count);

    public static IReadOnlyList<string> Suggested(DifyApp app, IReadOnlyList<DifyMessage> messages) =>
        app.PlaysDemo ? DemoScript.Suggested(messages) : IsChinese(messages[^1].Query) ? SuggestedInChinese : SuggestedInEnglish;

    /// <summary>Pictures that come with the answer: names of them here, or addresses.</summary>
    public static IReadOnlyList<string> Pictures(DifyApp app, IReadOnlyList<DifyMessage> messages) =>
        app.PlaysDemo ? DemoScript.PictureOf(messages) is { } picture ? [picture] : [] : app.Makes;

    /// <summary>Pieces as a model gives them: some characters each, none of them cut.</summary>
    public static IEnumerable<string> Pieces(string answer)
    {
        var texts = new StringInfo(answer);
        for (var at = 0; at < texts.LengthInTextElements; at += Piece) yield return texts.SubstringByTextElements(at, Math.Min(Piece, texts.LengthInTextElements - at));
    }

    public static object Usage(string query, string answer) => new
    {
        prompt_tokens = query.Length, prompt_unit_price = "0.001", prompt_price_unit = "0.001", prompt_price = "0.0000100", completion_tokens = answer.Length, completion_unit_price = "0.002",
        completion_price_unit = "0.001", completion_price = "0.0000200", total_tokens = query.Length + answer.Length, total_price = "0.0000300", currency = "USD", latency = 0.42,
    };

    /// <summary>Where the answer stands; of those that echo, only what is about money stands anywhere.</summary>
    public static object[] Sources(DifyApp app, IReadOnlyList<DifyMessage> messages) => SourceOf(app, messages) is { } source
        ?
        [
            new
            {
                position = 1, dataset_id = "5f0c1a52-0000-4000-8000-000000000001", dataset_name = source.Dataset, document_id = "5f0c1a52-0000-4000-8000-000000000002", document_name = source.Document,
                data_source_type = "upload_file", segment_id = "5f0c1a52-0000-4000-8000-000000000003", score = 0.91, hit_count = 3, word_count = 120, segment_position = 1,
                index_node_hash = "0a1b2c", content = source.Content, summary = (string?)null, created_at = 1767225600,
            },
        ]
        : [];

    /// <summary>The language of a question: Chinese as soon as there is a Chinese character.</summary>
    public static bool IsChinese(string query) => query.Any(static c => c is >= '\u4e00' and <= '\u9fff');

    private static DemoScript.Source? SourceOf(DifyApp app, IReadOnlyList<DifyMessage> messages)
    {
        if (app.PlaysDemo) return DemoScript.SourceOf(messages);
        var query = messages[^1].Query;
        return query.Contains("budget", StringComparison.OrdinalIgnoreCase) || query.Contains("预算", StringComparison.Ordinal) ? Budget : null;
    }

    private static string Echo(string query, int place, int files)
    {
        var chinese = IsChinese(query);
        var attached = files == 0 ? "" : chinese ? $"（附 {files} 个文件）" : $" (with {files} file{(files == 1 ? "" : "s")})";
        return chinese
            ? $"这是本次会话的第 {place} 个问题：**{query}**{attached}。\n\n- 2026 年办公预算还剩 12,000 元\n- 审批人：Bob"
            : $"Question {place} of this conversation: **{query}**{attached}.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob";
    }
}
