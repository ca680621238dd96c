namespace Larkspur.Emulator.State;

public sealed partial class EmulatorState
{
    public const int MostCardTemplates = 1000;

    private readonly Dictionary<string, CardTemplate> _cardTemplates = [];

    public IReadOnlyList<CardTemplate> CardTemplates { get { lock (_gate) return [.. _cardTemplates.Values]; } }

    public CardTemplate? CardTemplate(string templateId) { lock (_gate) return _cardTemplates.GetValueOrDefault(templateId); }

    /// <returns>False when there are too many already.</returns>
    public bool Put(CardTemplate template)
    {
        lock (_gate)
        {
            if (_cardTemplates.Count >= MostCardTemplates && !_cardTemplates.ContainsKey(template.TemplateId)) return false;
            _cardTemplates[template.TemplateId] = template;
            return true;
        }
    }

    public bool RemoveCardTemplate(string templateId) { lock (_gate) return _cardTemplates.Remove(templateId); }
}
