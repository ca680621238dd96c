using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>Words that tell what the number after them is. After any other letter a number is part of an identifier.</summary>
internal static class Labels
{
    private const int Longest = 12;

    /// <summary>The letters that end before this position are, as a whole word, a label of the kind.</summary>
    public static bool Before(ref TextWindow window, int end, PersonalData kind)
    {
        Span<char> word = stackalloc char[Longest];
        var length = 0;
        for (; window[end - 1 - length] is var c && (Folding.IsLetter(c) || c == '_'); length++)
        {
            if (length == Longest) return false;
            word[Longest - 1 - length] = char.ToLowerInvariant(c);
        }

        if (Folding.IsDigit(window[end - 1 - length])) return false;
        var label = word[(Longest - length)..];
        return kind switch
        {
            PersonalData.Mobile => label is "tel" or "phone" or "mobile" or "mob" or "cell" or "cellphone" or "call" or "telephone" or "phone_number" or "phone_no" or "mobile_no"
                or "wechat" or "weixin" or "wx" or "vx" or "whatsapp",
            PersonalData.IdCard => label is "id" or "idcard" or "id_card" or "idno" or "id_no" or "sfz",
            PersonalData.BankCard => label is "card" or "bank_card" or "bankcard" or "card_no" or "cardno" or "visa",
            _ => false,
        };
    }

    /// <summary>The letters that begin here are, as a whole word, what people write after a mobile number.</summary>
    public static bool After(ref TextWindow window, int at)
    {
        Span<char> word = stackalloc char[Longest];
        var length = 0;
        for (; window[at + length] is var c && (Folding.IsLetter(c) || c == '_'); length++)
        {
            if (length == Longest) return false;
            word[length] = char.ToLowerInvariant(c);
        }

        return word[..length] is "ext" or "wechat" or "weixin" or "wx" or "vx";
    }
}
