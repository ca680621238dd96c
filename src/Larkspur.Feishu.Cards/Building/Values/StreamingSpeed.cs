using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>How fast clients type out streamed text.</summary>
/// <param name="FrequencyMilliseconds">Between two steps; the platform's default is 70.</param>
/// <param name="Step">Characters per step; the platform's default is 1.</param>
/// <param name="Strategy">What happens to text that was not shown yet when new text comes.</param>
public sealed record StreamingSpeed(int FrequencyMilliseconds = 70, int Step = 1, PrintStrategy? Strategy = null)
{
    internal void Write(CardWriter w)
    {
        Guard.Between(FrequencyMilliseconds, 1, 10_000, "FrequencyMilliseconds");
        Guard.Between(Step, 1, 1000, "Step");
        w.Json.WriteStartObject("streaming_config"u8);
        w.Json.WriteStartObject("print_frequency_ms"u8);
        w.Json.WriteNumber("default"u8, FrequencyMilliseconds);
        w.Json.WriteEndObject();
        w.Json.WriteStartObject("print_step"u8);
        w.Json.WriteNumber("default"u8, Step);
        w.Json.WriteEndObject();
        w.Enum("print_strategy"u8, Strategy);
        w.Json.WriteEndObject();
    }
}
