using System.Text.Json;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Events;

/// <summary>An event on one line.</summary>
internal static class EventLine
{
    public static void Print(JsonElement item)
    {
        var words = string.Join("  ", new[] { item.Time("received_at"), item.Text("app"), item.Text("event_type"), item.Text("chat_id"), item.Text("message_id"), item.Text("person_id"), item.Text("event_id") }
            .Where(t => t.Length > 0));
        Console.Out.WriteLine(Printable.Line(words));
        if (item.TryGetProperty("event", out var body) && body.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)) Console.Out.WriteLine("    " + Printable.Line(JsonOut.Text(body)));
    }
}
