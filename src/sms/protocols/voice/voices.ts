/** Languages that the vendors' voices speak, by their documents. The first of a language serves its other regions. */
export const voices = {
  /** Of `<Say>`, as the vendor's library lists them. */
  twilio: words(
    'af-ZA am-ET ar-AE bg-BG bn-IN ca-ES cs-CZ cy-GB da-DK de-DE de-AT el-GR en-US en-AU en-CA en-GB ' +
      'en-IE en-IN en-NZ en-ZA es-ES es-MX es-US fi-FI fil-PH fr-FR fr-BE fr-CA gu-IN he-IL hi-IN ' +
      'hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN mr-IN ms-MY nb-NO nl-NL nl-BE pa-IN pl-PL ' +
      'pt-BR pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN zh-CN zh-HK zh-TW',
  ),
  /** Of the text-to-speech guide, with `zh` for Vonage's `cmn`. */
  vonage: words(
    'af-ZA ar bg-BG bn-IN ca-ES cs-CZ cy-GB da-DK de-DE de-AT el-GR en-US en-AU en-GB en-IE en-IN ' +
      'en-NZ en-ZA es-ES es-CO es-MX es-US eu-ES fi-FI fil-PH fr-FR fr-CA gl-ES gu-IN he-IL hi-IN ' +
      'hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lt-LT lv-LV ml-IN mr-IN ms-MY nb-NO nl-NL nl-BE pa-IN ' +
      'pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN zh-CN zh-TW',
  ),
  infobip: words(
    'ar ar-MA bg bn ca cs da de de-AT de-CH el en en-AU en-CA en-GB en-IE en-IN es es-MX fi fil-PH ' +
      'fr fr-CA fr-CH gu he hi hr hu id is it ja kn ko ml mr-IN ms nb nl pl pt-BR pt-PT ro ru sk sl sv ' +
      'ta te th tr uk ur-PK vi zh-CN zh-TW',
  ),
  /** Of `<Speak>`. */
  plivo: words(
    'da-DK de-DE en-US en-AU en-GB es-ES es-US fr-FR fr-CA it-IT nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE',
  ),
} as const;

function words(text: string): readonly string[] {
  return text.split(' ');
}
