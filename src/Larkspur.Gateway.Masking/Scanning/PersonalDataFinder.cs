using Larkspur.Gateway.Masking.Numbers;

namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Finds numbers and mail addresses, from left to right. A mail address goes before a number that begins where it begins.</summary>
internal sealed class PersonalDataFinder(IReadOnlySet<PersonalData> kinds) : IFinder
{
    private readonly bool _mail = kinds.Contains(PersonalData.Email);
    private readonly bool _numbers = kinds.Contains(PersonalData.Mobile) || kinds.Contains(PersonalData.IdCard) || kinds.Contains(PersonalData.BankCard);
    private WebAddress _address;
    private bool _inLocal;
    private int _lastEnd = -1;

    /// <inheritdoc/>
    public int Settled { get; private set; }

    /// <inheritdoc/>
    public void Advance(ref TextWindow window, List<MaskedSpan> found)
    {
        while (Settled < window.End)
        {
            window.Starved = false;
            if (Read(ref window, out var span))
            {
                if (window.Starved) return;
                found.Add(span);
                Jump(ref window, span);
                continue;
            }

            if (window.Starved) return;
            Pass(ref window);
        }
    }

    private bool Read(ref TextWindow window, out MaskedSpan span)
    {
        span = default;
        var c = window[Settled];
        if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        if (_mail && !_inLocal && !_address.InAuthority)
        {
            var end = EmailAddress.Read(ref window, Settled);
            if (end > 0) span = new MaskedSpan(Settled, end - Settled, PersonalData.Email);
            if (end > 0 || window.Starved) return end > 0;
        }

        return _numbers && Folding.IsDigit(c) && BeginsGroup(ref window) && NumberReader.Read(ref window, Settled, kinds, _lastEnd, _address.Inside, out span);
    }

    private void Jump(ref TextWindow window, MaskedSpan span)
    {
        // A number may be the beginning of what looks like an address; after an address another one may begin.
        while (Settled < span.End) Pass(ref window);
        _lastEnd = span.End;
        if (span.Kind == PersonalData.Email) _inLocal = false;
    }

    private void Pass(ref TextWindow window)
    {
        var c = window[Settled];
        _inLocal = Folding.IsLocal(c) && (_inLocal || char.IsAsciiLetterOrDigit(c) || c == '_');
        _address.Pass(ref window, Settled);
        Settled++;
    }

    private bool BeginsGroup(ref TextWindow window)
    {
        var before = Settled - 1;
        for (var unseen = 0; unseen < DigitChain.MaxUnseen && window[before] == Folding.Unseen; unseen++) before--;
        return !Folding.IsDigit(window[before]);
    }
}
