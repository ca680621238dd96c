using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos;

/// <summary>Holds what stands in the chats against what was said in them.</summary>
/// <remarks>
/// Order. The platform sends again what was not acknowledged, after younger messages: no gateway can answer in the order of writing. It answers a chat
/// in the order in which it recorded the chat's messages. A message is recorded at one instant between the begin of its first delivery and the end of its
/// first acknowledged one. So whenever one message was acknowledged before the first delivery of another began, it was recorded first and must be answered
/// first; messages that were delivered one after the other and acknowledged at once are thereby held to their order without exception. Where
/// deliveries overlapped, either order of recording is right; then the inbox's own numbers, where they are given in the order of commits, decide.
/// A gateway that was away reads its chats' history: what it found there it may have recorded before the first delivery.
/// </remarks>
internal static class Judgement
{
    /// <param name="said">Everything that people said.</param>
    /// <param name="recorded">The inbox's numbers of the messages where they follow the commits; else null.</param>
    /// <param name="fromHistory">Messages that the gateway found in a chat's history first.</param>
    public static (int Answers, int Overtaken, List<string> Findings) Judge(EmulatorState world, IReadOnlyList<Spoken> said,
        Deliveries deliveries, IReadOnlyDictionary<int, long>? recorded, IReadOnlySet<int>? fromHistory = null)
    {
        var findings = new List<string>();
        var (all, overtaken) = (0, 0);
        foreach (var chat in said.GroupBy(s => s.ChatId))
        {
            var byNumber = chat.ToDictionary(s => s.Number);
            var answers = new List<Spoken>();
            foreach (var message in world.Messages(chat.Key).Where(m => m.SenderKind == SenderKind.App))
            {
                all++;
                if (Marker.In(message.Rendered) is not { } number)
                {
                    findings.Add($"The bot said something else in {chat.Key}: {message.Rendered}");
                    continue;
                }

                if (!byNumber.TryGetValue(number, out var question)) findings.Add($"Message {number} was answered in a foreign chat, {chat.Key}");
                else if (question.InGroup && message.ParentId != question.MessageId) findings.Add($"The answer to message {number} quotes {message.ParentId ?? "nothing"}, not {question.MessageId}");
                else answers.Add(question);
            }

            foreach (var (question, count) in answers.CountBy(a => a).Where(c => c.Value > 1)) findings.Add($"Message {question.Number} was answered {count} times, {HistoryOf(question)}");
            foreach (var question in chat.Except(answers)) findings.Add($"Message {question.Number} has no answer, {HistoryOf(question)}");
            Order(answers, findings, ref overtaken);
        }

        return (all, overtaken, findings);

        void Order(List<Spoken> answers, List<string> findings, ref int overtaken)
        {
            Spoken? latest = null;
            var youngest = -1;
            var last = (Number: -1, Row: -1L);
            foreach (var answer in answers)
            {
                // Of all that were answered before this one, the one whose delivery began last is the hardest to have been recorded before it.
                if (latest is not null && deliveries.Of(answer.MessageId)?.AcknowledgedBy < deliveries.Of(latest.MessageId)!.Began)
                    findings.Add($"Message {answer.Number} was acknowledged before {latest.Number} was delivered, and answered after it: {HistoryOf(answer)}; {HistoryOf(latest)}");
                if (fromHistory?.Contains(answer.Number) != true
                    && (latest is null || deliveries.Of(answer.MessageId)?.Began > deliveries.Of(latest.MessageId)?.Began)) latest = answer;

                if (answer.Number < youngest) overtaken++;
                youngest = Math.Max(youngest, answer.Number);

                if (recorded is null) continue;
                var row = recorded.GetValueOrDefault(answer.Number);
                if (row < last.Row) findings.Add($"Message {answer.Number} is inbox row {row} and was answered after message {last.Number}, row {last.Row}");
                else last = (answer.Number, row);
            }
        }

        string HistoryOf(Spoken spoken) => deliveries.Of(spoken.MessageId) is { } delivery
            ? $"acknowledged {delivery.Acknowledgements} times, events {string.Join(", ", delivery.EventIds)}, last {delivery.LastVerdict}"
            : "never delivered";
    }
}
