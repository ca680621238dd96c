using Larkspur.Gateway.Common;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Assistant.Routing;

/// <summary>Reads what a route says of masking: kinds of personal data, and names of own masks.</summary>
internal sealed class MaskingRegistry(AssistantOptions options)
{
    /// <exception cref="SettingsException">It names what does not exist.</exception>
    public MaskingPolicy Read(string text)
    {
        var own = new List<CustomMask>();
        var kinds = new List<string>();
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (options.CustomMasks.Find(m => string.Equals(m.Name, word, StringComparison.OrdinalIgnoreCase)) is { } mask) own.Add(Read(mask));
            else if (!string.Equals(word, "none", StringComparison.OrdinalIgnoreCase)) kinds.Add(word);
        }

        try
        {
            var policy = kinds.Count == 0 ? MaskingPolicy.None : MaskingPolicy.Parse(string.Join(',', kinds));
            // Answers are drawn as Markdown, where stars are marks of their own.
            return policy with { Custom = own, Mark = '•' };
        }
        catch (FormatException e)
        {
            throw new SettingsException([$"Larkspur:Assistant: masking \"{text}\": {e.Message}"], e);
        }
    }

    private static CustomMask Read(CustomMaskOptions mask)
    {
        try
        {
            return mask.Pattern is { Length: > 0 } pattern ? CustomMask.OfPattern(mask.Name, pattern, mask.Replacement) : CustomMask.OfWords(mask.Name, mask.Words, mask.Replacement);
        }
        catch (FormatException e)
        {
            throw new SettingsException([$"Larkspur:Assistant:CustomMasks: {mask.Name}: {e.Message}"], e);
        }
    }
}
