import DefaultTheme from 'vitepress/theme'
import '../../pages/pictures.css'
import './style.css'

export default DefaultTheme
